using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Statistics;

namespace Slipway.Benchmarks.Reporting;

/// <summary>One line of the table.</summary>
internal sealed record Row
{
    /// <summary>The part of the table it belongs to.</summary>
    public required string Section { get; init; }

    /// <summary>The kind of release.</summary>
    public required string Case { get; init; }

    /// <summary>The tolerated ratio; null where it plays no part.</summary>
    public double? Tolerance { get; init; }

    /// <summary>How many releases were simulated.</summary>
    public int Runs { get; init; }

    /// <summary>What has to be reached; empty: for information.</summary>
    public IReadOnlyList<Goal> Goals { get; init; } = [];

    /// <summary>The share of releases rolled back, found or promoted.</summary>
    public Share? Result { get; init; }

    /// <summary>The combination of base rate and traffic, out of several, with the highest (for promotions of healthy ones: lowest) share.</summary>
    public Share? Worst { get; init; }

    /// <summary>Which combination that is.</summary>
    public string? WorstCell { get; init; }

    /// <summary>The share of releases with two such metrics, independent of each other, that are rolled back.</summary>
    public Share? TwoMetrics { get; init; }

    /// <summary>How long detections took.</summary>
    public Detections? Detections { get; init; }

    /// <summary>The least minutes that any judge needs on average.</summary>
    public double? LimitMinutes { get; init; }

    /// <summary>Numbers of other kinds, by name.</summary>
    public IReadOnlyList<(string Name, double Value)> Figures { get; init; } = [];

    /// <summary>The rivals on the same streams.</summary>
    public IReadOnlyList<(string Name, Detections Result)> Rivals { get; init; } = [];

    /// <summary>Median minutes as a multiple of the information limit.</summary>
    public double? OverLimit => Detections is { } found && LimitMinutes is { } limit && double.IsFinite(found.Median) ? found.Median / limit : null;

    /// <summary>Missed if one goal is; open if one is; met if all are.</summary>
    public GoalState State => Goals.Count == 0 ? GoalState.None : Goals.Max(goal => goal.State);
}
