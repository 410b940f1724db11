using Slipway.Rehearsal.Traffic;

namespace Slipway.Rehearsal.World;

/// <summary>What happens in one scenario, as data.</summary>
public sealed record ScenarioScript
{
    /// <summary>The stage, as position in the plan, with which it begins.</summary>
    public required int Stage { get; init; }

    /// <summary>What is wrong with the new version.</summary>
    public Defect Defect { get; init; } = Defect.None;

    /// <summary>What happens to telemetry; null: nothing.</summary>
    public TelemetryTrouble? Trouble { get; init; }

    /// <summary>What does not answer.</summary>
    public IReadOnlyList<Outage> Outages { get; init; } = [];

    /// <summary>How approvers answer.</summary>
    public ApproverTemper Approvers { get; init; } = ApproverTemper.Approves;

    /// <summary>Whether somebody else turns the flag off in the middle of the stage's bake.</summary>
    public bool Drift { get; init; }

    /// <summary>Whether the process ends after every commit of the engine, and another one goes on from what is stored.</summary>
    public bool Dies { get; init; }

    /// <summary>When the release is started; null: as usual.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Whether a stated start time is left out, since the scenario is about another day.</summary>
    public bool AnyDay { get; init; }

    /// <summary>Whether whoever is on call takes a release back that is held, although the new version is not at fault.</summary>
    public bool HeldIsTakenBack => Drift || Trouble is not null || Defect != Defect.None;
}
