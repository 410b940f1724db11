namespace Slipway.Core.Decisions;

/// <summary>Counts warnings in a sliding window. Immutable.</summary>
public sealed record WarningTally
{
    /// <summary>No warning.</summary>
    public static WarningTally Empty { get; } = new();

    private IReadOnlyList<(string Source, DateTimeOffset At, string Sentence)> Warnings { get; init; } = [];

    /// <summary>Takes a warning in. The same source counts again only after a pause, so that one cause seen in several regions, or over and
    /// over, is one warning.</summary>
    /// <param name="source">What warns.</param>
    /// <param name="at">When; not before the warning before.</param>
    /// <param name="sentence">What it says.</param>
    /// <param name="pause">How long after a counted warning the same source does not count.</param>
    public WarningTally Add(string source, DateTimeOffset at, string sentence, TimeSpan pause)
    {
        var kept = Warnings.Where(warning => at - warning.At <= DecisionMatrix.WarningSpan).ToList();
        if (!kept.Exists(warning => warning.Source == source && at - warning.At < pause)) kept.Add((source, at, sentence));
        return new WarningTally { Warnings = kept };
    }

    /// <summary>The sentence that says which warnings came together; null as long as there are too few.</summary>
    public string? Due => Warnings.Count < DecisionMatrix.WarningCount
        ? null
        : $"{Warnings.Count} warnings within {DecisionMatrix.WarningSpan.TotalMinutes:0} min: {string.Join("; ", Warnings.Select(warning => $"{warning.At.UtcDateTime:HH:mm:ss}Z {warning.Sentence}"))}";
}

/// <summary>Counts complaints by stage and by hour. Immutable.</summary>
public sealed record ComplaintTally
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>No complaint.</summary>
    public static ComplaintTally Empty { get; } = new();

    private IReadOnlyList<(DateTimeOffset At, int Stage, int Count)> Reports { get; init; } = [];

    /// <summary>Takes a report in.</summary>
    /// <param name="at">When it was recorded.</param>
    /// <param name="stage">The stage at that time.</param>
    /// <param name="count">How many complaints; above zero.</param>
    public ComplaintTally Add(DateTimeOffset at, int stage, int count) => new() { Reports = [.. Reports, (at, stage, count)] };

    /// <summary>Complaints in a stage, since the last evaluation of complaints.</summary>
    public int InStage(int stage) => Reports.Where(report => report.Stage == stage).Sum(report => report.Count);

    /// <summary>Complaints in the hour before a moment, since the last evaluation of complaints.</summary>
    public int InHour(DateTimeOffset at) => Reports.Where(report => at - report.At < Hour).Sum(report => report.Count);

    /// <summary>The sentence with the number that asks for an evaluation; null as long as there are too few.</summary>
    /// <param name="canonical">Where the release stands.</param>
    /// <param name="stage">The stage, 0 first.</param>
    /// <param name="at">Now.</param>
    public string? Due(CanonicalStage canonical, int stage, DateTimeOffset at) => canonical switch
    {
        CanonicalStage.Integration => null,
        CanonicalStage.After => InHour(at) > DecisionMatrix.ComplaintsInHour ? $"{InHour(at)} complaints of users in an hour, more than {DecisionMatrix.ComplaintsInHour}" : null,
        _ => InStage(stage) >= DecisionMatrix.ComplaintsInStage ? $"{InStage(stage)} complaints of users in stage {stage + 1}, limit {DecisionMatrix.ComplaintsInStage}" : null,
    };
}
