using Slipway.Azure.Throttling;

namespace Slipway.Azure.Configuration;

/// <summary>What App Configuration's Standard tier allows.</summary>
public static class AppConfigurationLimits
{
    /// <summary>The largest setting in bytes of UTF-8: key, label, value, content type and tags together.</summary>
    public const int MaxSettingBytes = 10 * 1024;

    /// <summary>
    /// The requests of one store: lists and the looks of polls, which nothing waits for, stop at 28,000 in an hour, so that the rest of the 30,000 allowed
    /// is left for reads and writes of single settings, which are only counted: a rollback may need them. All adapters over one store share one budget.
    /// </summary>
    public static RequestBudget Standard(TimeProvider time) => new(time, new RateLimit(28_000, TimeSpan.FromHours(1)));
}
