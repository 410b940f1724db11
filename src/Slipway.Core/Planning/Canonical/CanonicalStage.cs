using Slipway.Core.Releases;

namespace Slipway.Core.Planning.Canonical;

/// <summary>
/// One of the five stages in which every document shows a release. What really runs is the plan's own stages: <see cref="Steps"/> are those
/// that belong here. Not to be confused with <see cref="Decisions.CanonicalStage"/>, the columns of the decision matrix.
/// </summary>
public sealed record CanonicalStage
{
    /// <summary>1 to 5.</summary>
    public required int Number { get; init; }

    /// <summary>Its name.</summary>
    public required CanonicalStageName Name { get; init; }

    /// <summary>The risk that its heading names; never less than that of the stage before.</summary>
    public required StageLabel Label { get; init; }

    /// <summary>The share of users at its end; null where it is not run.</summary>
    public required Percentage? Share { get; init; }

    /// <summary>How far the release flag is on; off where it is not run.</summary>
    public required FlagPosition Flag { get; init; }

    /// <summary>How long the release stays here: the bakes of <see cref="Steps"/> together; zero without any.</summary>
    public required TimeSpan Wait { get; init; }

    /// <summary>The lower bound of the canonical wait.</summary>
    public required TimeSpan Shortest { get; init; }

    /// <summary>The upper bound of the canonical wait.</summary>
    public required TimeSpan Longest { get; init; }

    /// <summary>What of this release's workflow the stage is.</summary>
    public required StageRunsAs RunsAs { get; init; }

    /// <summary>The same as a sentence, without its full stop.</summary>
    public required string RunsAsText { get; init; }

    /// <summary>The planned stages that belong to it, in order; more than one only in stage 4, whose sub-steps they are.</summary>
    public required IReadOnlyList<PlannedStage> Steps { get; init; }

    /// <summary>Whether a wait is shorter than the default profile's, as the risk is low; the ledger says so when it starts.</summary>
    public bool IsAccelerated => Steps.Any(step => step.AcceleratedFrom is not null);
}

/// <summary>The names of the five stages.</summary>
public enum CanonicalStageName
{
    /// <summary>1: the version is deployed, nobody uses it.</summary>
    Infrastructure,

    /// <summary>2: it runs beside the present one, nobody uses it.</summary>
    Integration,

    /// <summary>3: the first users.</summary>
    Canary,

    /// <summary>4: more, not all.</summary>
    Partial,

    /// <summary>5: everybody.</summary>
    Full,
}

/// <summary>The risk in a stage's heading, in the order of the stages.</summary>
public enum StageLabel
{
    /// <summary>ZERO-RISK.</summary>
    Zero,

    /// <summary>LOW-RISK.</summary>
    Low,

    /// <summary>MEDIUM-RISK.</summary>
    Medium,

    /// <summary>FINAL.</summary>
    Final,
}

/// <summary>How far a release flag is on.</summary>
public enum FlagPosition
{
    /// <summary>For nobody.</summary>
    Off,

    /// <summary>For some.</summary>
    Partial,

    /// <summary>For everybody.</summary>
    Full,
}

/// <summary>What of the workflow a canonical stage is.</summary>
public enum StageRunsAs
{
    /// <summary>The deploy hook's first call, within the plan's first stage and without users.</summary>
    DeployStep,

    /// <summary>No stage: preflight verifies it.</summary>
    Preflight,

    /// <summary>No stage: what is captured and measured before the first exposure.</summary>
    Capture,

    /// <summary>A planned stage at 0 %.</summary>
    DarkStage,

    /// <summary>Planned stages with users.</summary>
    Exposure,

    /// <summary>Nothing: the plan has no such share.</summary>
    NotRun,
}
