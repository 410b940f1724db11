namespace Slipway.Embedded.Faults;

/// <summary>The operations that faults can be put on.</summary>
public static class FaultOperations
{
    /// <summary>A flag is read; its target is the flag.</summary>
    public const string FlagRead = "flag.read";

    /// <summary>The flags are listed; no target.</summary>
    public const string FlagList = "flag.list";

    /// <summary>A flag's exposure is set; its target is the flag.</summary>
    public const string FlagSet = "flag.set";

    /// <summary>A flag's captured JSON is written back; its target is the flag.</summary>
    public const string FlagRestore = "flag.restore";

    /// <summary>A configuration key is read; its target is the key.</summary>
    public const string ConfigurationRead = "configuration.read";

    /// <summary>A configuration key is written; its target is the key.</summary>
    public const string ConfigurationWrite = "configuration.write";

    /// <summary>Observations are read; the target is the service.</summary>
    public const string MetricRead = "metric.read";

    /// <summary>A cohort that nobody has exposed yet is read; the target is the service.</summary>
    public const string CohortRead = "metric.cohort";

    /// <summary>A URL is probed; the target is the URL.</summary>
    public const string Probe = "probe";

    /// <summary>The deploy hook is called; the target is the URL.</summary>
    public const string Hook = "hook";

    /// <summary>A mail is handed over; the target is the recipient's address.</summary>
    public const string Mail = "mail";

    /// <summary>A webhook is posted to; the target is the URL.</summary>
    public const string Webhook = "webhook";

    private static readonly FaultEffect[] OfReads = [FaultEffect.Unavailable, FaultEffect.Delay];
    private static readonly FaultEffect[] OfEffects = [FaultEffect.Unavailable, FaultEffect.Delay, FaultEffect.AnswerLost];
    private static readonly FaultEffect[] OfWrites = [.. OfEffects, FaultEffect.Conflict];

    private static readonly Dictionary<string, FaultEffect[]> Possible = new(StringComparer.Ordinal)
    {
        [FlagRead] = [.. OfReads, FaultEffect.Late],
        [FlagList] = OfReads,
        [FlagSet] = OfWrites,
        [FlagRestore] = OfWrites,
        [ConfigurationRead] = OfReads,
        [ConfigurationWrite] = OfWrites,
        [MetricRead] = [.. OfReads, FaultEffect.Empty],
        [CohortRead] = [.. OfReads, FaultEffect.Empty],
        [Probe] = OfReads,
        [Hook] = OfEffects,
        [Mail] = OfEffects,
        [Webhook] = OfEffects,
    };

    /// <summary>Every operation with the effects that it can have.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<FaultEffect>> Effects { get; } =
        Possible.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<FaultEffect>)entry.Value, StringComparer.Ordinal);

    internal static void Check(FaultRule rule)
    {
        if (!Possible.TryGetValue(rule.Operation, out var effects))
        {
            throw new ArgumentException(
                $"'{rule.Operation}' is not an operation; expected one of {string.Join(", ", Possible.Keys)}.", nameof(rule));
        }

        if (!effects.Contains(rule.Effect))
        {
            throw new ArgumentException(
                $"{rule.Effect} cannot happen to {rule.Operation}; expected one of {string.Join(", ", effects)}.", nameof(rule));
        }
    }
}
