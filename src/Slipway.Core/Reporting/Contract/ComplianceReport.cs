namespace Slipway.Core.Reporting.Contract;

/// <summary>Ticket, approval and audit.</summary>
/// <param name="ChangeTicket">As in the request.</param>
/// <param name="ApprovalBoard">The board's decision.</param>
/// <param name="AuditTrail">Chronological.</param>
/// <param name="RegulatoryRequirements">As in the request.</param>
public sealed record ComplianceReport(
    string ChangeTicket,
    BoardStatus ApprovalBoard,
    IReadOnlyList<AuditReport> AuditTrail,
    IReadOnlyList<string> RegulatoryRequirements);

/// <summary>The board's decision.</summary>
public enum BoardStatus
{
    /// <summary>Go.</summary>
    Approved,

    /// <summary>None yet.</summary>
    Pending,

    /// <summary>Stop.</summary>
    Rejected,
}

/// <summary>One line of the audit trail.</summary>
/// <param name="Action">What.</param>
/// <param name="Actor">Who.</param>
/// <param name="Timestamp">When.</param>
/// <param name="Details">With what result.</param>
public sealed record AuditReport(string Action, string Actor, DateTimeOffset Timestamp, string Details);

/// <summary>What comes next.</summary>
/// <param name="Action">What.</param>
/// <param name="Trigger">What starts it.</param>
/// <param name="ScheduledFor">When; never for other triggers than time.</param>
/// <param name="Owner">Who.</param>
public sealed record NextAction(string Action, ActionTrigger Trigger, DateTimeOffset ScheduledFor, string Owner);

/// <summary>What starts an action.</summary>
public enum ActionTrigger
{
    /// <summary>The clock.</summary>
    Time,

    /// <summary>A measurement.</summary>
    Metric,

    /// <summary>A person.</summary>
    Manual,
}
