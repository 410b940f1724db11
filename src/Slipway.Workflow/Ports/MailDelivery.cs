namespace Slipway.Workflow.Ports;

/// <summary>How a mail stands that was handed over.</summary>
/// <param name="Progress">How far it is.</param>
/// <param name="Details">What the service says of a failure; empty otherwise.</param>
public sealed record MailDelivery(MailProgress Progress, string Details);

/// <summary>How far a mail is.</summary>
public enum MailProgress
{
    /// <summary>The service is still at it.</summary>
    UnderWay,

    /// <summary>It went out for delivery.</summary>
    Delivered,

    /// <summary>It will not go out.</summary>
    Failed,

    /// <summary>The service knows no such mail: it was never accepted, or too long ago.</summary>
    Unknown,
}
