using Slipway.Azure.Throttling;

namespace Slipway.Azure.Mail;

/// <summary>What Communication Services allows of one resource. A mail beyond the limits is refused here and says when it may be tried.</summary>
public sealed record MailLimits
{
    /// <summary>A domain that Azure manages: 5 mails a minute, 10 an hour.</summary>
    public static MailLimits ManagedDomain { get; } = new() { Sends = PerMinuteAndHour(5, 10) };

    /// <summary>A verified domain of one's own: 30 mails a minute, 100 an hour.</summary>
    public static MailLimits CustomDomain { get; } = new() { Sends = PerMinuteAndHour(30, 100) };

    /// <summary>Mails.</summary>
    public required IReadOnlyList<RateLimit> Sends { get; init; }

    /// <summary>Questions how a mail stands: twice as many as mails, 10 a minute and 20 an hour on a domain that Azure manages, 60 and 200 on one's own.</summary>
    public IReadOnlyList<RateLimit> Polls => [.. Sends.Select(limit => limit with { Count = 2 * limit.Count })];

    /// <summary>Two windows.</summary>
    /// <param name="minute">How many a minute, 1 or more.</param>
    /// <param name="hour">How many an hour, 1 or more.</param>
    public static IReadOnlyList<RateLimit> PerMinuteAndHour(int minute, int hour) =>
        [new RateLimit(minute, TimeSpan.FromMinutes(1)), new RateLimit(hour, TimeSpan.FromHours(1))];
}
