using Slipway.Core.Analysis.Power;
using Slipway.Core.Decisions;
using Slipway.Core.Planning.Calendars;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Planning;

/// <summary>
/// What will be done: everything the workflow needs, with every default filled in and recorded in the ledger at the start, so that a
/// later version of the defaults changes no running release.
/// </summary>
public sealed record ReleasePlan
{
    /// <summary>The release.</summary>
    public required ReleaseId ReleaseId { get; init; }

    /// <summary>The risk that counts: the higher of declared and computed.</summary>
    public required RiskLevel Risk { get; init; }

    /// <summary>How exposure is moved.</summary>
    public required RolloutStrategy Strategy { get; init; }

    /// <summary>The stages in order, one environment's after the other's; within one, percentages strictly increase, from 0 % where nobody is
    /// exposed at first, and the last is 100 %.</summary>
    public required IReadOnlyList<PlannedStage> Stages { get; init; }

    /// <summary>The environments in order. A plan that was recorded before there were several has one.</summary>
    public IReadOnlyList<PlannedEnvironment> Environments
    {
        get => field.Count > 0 ? field : [PlannedEnvironment.OnlyOneOf(this)];
        init;
    } = [];

    /// <summary>The flags that are moved, of all environments, with their labels.</summary>
    public required IReadOnlyList<FlagSpec> Flags { get; init; }

    /// <summary>How the stages' hook steps are carried out; null: the release has no deploy hook.</summary>
    public PlannedDeploy? Deploy { get; init; }

    /// <summary>Regions of all environments, at least one (<c>global</c> when none is named).</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>The triggers, explicit ones and those that follow from the limits.</summary>
    public required IReadOnlyList<PlannedTrigger> Triggers { get; init; }

    /// <summary>What the evidence is judged by. A plan that was recorded without it follows its triggers.</summary>
    public EvidencePlan Evidence
    {
        get => field ?? EvidencePlan.Of(this);
        init;
    }

    /// <summary>What the stages will be able to tell; null where nobody is asked to approve, and so nobody has to be told before.</summary>
    public ReleasePower? Power { get; init; }

    /// <summary>How observations are read; of the last environment. They differ in whose telemetry counts, and in nothing else.</summary>
    public required WatchPlan Watch { get; init; }

    /// <summary>The compensation levels that exist, ascending.</summary>
    public required IReadOnlyList<PlannedLevel> Levels { get; init; }

    /// <summary>HTTP checks before a stage and during its bake.</summary>
    public IReadOnlyList<HttpGateSpec> Gates { get; init; } = [];

    /// <summary>How the plan was made, step by step: the risk first, then the way back, then the way forward. Empty in a plan that was recorded
    /// without it.</summary>
    public IReadOnlyList<PlanningStep> Steps { get; init; } = [];

    /// <summary>The calendar that starts and increases keep to; null: the server has turned it off, or the plan was recorded without it.</summary>
    public CalendarRules? Calendar { get; init; }

    /// <summary>Where a default was filled in or something was noticed: shown in the plan, never fatal.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The environment of a stage; before the first stage, the first.</summary>
    /// <param name="stage">Position in the plan; -1 before the first.</param>
    public PlannedEnvironment EnvironmentOf(int stage) =>
        Environments[stage < 0 || Stages.Count == 0 ? 0 : Math.Min(Stages[Math.Min(stage, Stages.Count - 1)].Environment, Environments.Count - 1)];

    /// <summary>The plan as one environment sees it: its flags, regions and telemetry alone.</summary>
    public ReleasePlan Of(PlannedEnvironment environment) =>
        this with { Flags = environment.Flags, Regions = environment.Regions, Watch = environment.Watch };

    /// <summary><c> in staging</c>; empty where there is one environment, which needs no name.</summary>
    public string In(PlannedEnvironment environment) => Environments.Count > 1 ? $" in {environment.Word}" : "";

    /// <summary>A stage as people read it: <c>25 %</c>, or <c>25 % in prod</c>.</summary>
    /// <param name="stage">Position in the plan, 0 first.</param>
    public string Describe(int stage) => $"{Stages[stage].Percentage}{In(EnvironmentOf(stage))}";
}

/// <summary>One stage of the plan.</summary>
/// <param name="Index">Position, 0 first.</param>
/// <param name="Percentage">The default rollout in this stage.</param>
/// <param name="Bake">How long the stage is judged after propagation.</param>
/// <param name="MaxBake">The longest bake that an undecided verdict may extend to; at least <paramref name="Bake"/>.</param>
/// <param name="Approval">The approval group that must agree before; null: none.</param>
/// <param name="Environment">The environment that it moves, 0 first.</param>
public sealed record PlannedStage(int Index, Percentage Percentage, TimeSpan Bake, TimeSpan MaxBake, string? Approval, int Environment = 0)
{
    /// <summary>What the deploy hook is asked in this stage, in order; empty: nothing.</summary>
    public IReadOnlyList<HookStep> Steps { get; init; } = [];

    /// <summary>The wait that the default profile has for this share, where <see cref="Bake"/> is shorter because the risk is low; otherwise null.</summary>
    public TimeSpan? AcceleratedFrom { get; init; }
}

/// <summary>One threshold that is watched, whatever it came from.</summary>
/// <param name="Name">Unique in the plan, for example <c>error_rate limit</c>.</param>
/// <param name="Metric">error_rate, latency_p50, latency_p95, latency_p99, success_rate, availability or a KPI's name.</param>
/// <param name="Above">Crossed above this value (percent or milliseconds); exactly one of both is set.</param>
/// <param name="Below">Crossed below this value (percent or milliseconds).</param>
/// <param name="Window">The sliding window over which the metric is computed.</param>
/// <param name="For">How long the crossing must last; zero: at once.</param>
/// <param name="Action">What the crossing causes; with a row, the hardest of what it causes.</param>
/// <param name="Row">The row of the decision matrix that says what the crossing causes at each stage; null: <paramref name="For"/> and
/// <paramref name="Action"/> count at every stage.</param>
public sealed record PlannedTrigger(
    string Name, string Metric, decimal? Above, decimal? Below, TimeSpan Window, TimeSpan For, TriggerAction Action, MatrixRow? Row = null)
{
    /// <summary>Whether it is watched only while users are on the new version by default: the warnings of guardrails.</summary>
    public bool OnlyExposed { get; init; }
}

/// <summary>How observations are read.</summary>
public sealed record WatchPlan
{
    /// <summary>Where from.</summary>
    public required TelemetrySource Source { get; init; }

    /// <summary>Log Analytics workspace; may be empty.</summary>
    public string Workspace { get; init; } = "";

    /// <summary>Whose observations count.</summary>
    public required string Service { get; init; }

    /// <summary>Queries of the request's own, for sources that have them; see <see cref="TelemetrySpec.Queries"/>.</summary>
    public IReadOnlyDictionary<string, string> Queries { get; init; } = new Dictionary<string, string>();

    /// <summary>What Log Analytics is asked for; null for other sources.</summary>
    public LogsPlan? Logs { get; init; }

    /// <summary>Length of one judged interval, and the poll's period.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Latencies in milliseconds above which requests are counted exactly: every threshold of the plan, ascending.</summary>
    public IReadOnlyList<double> Edges { get; init; } = [];

    /// <summary>An interval is judged when it ended this long ago.</summary>
    public required TimeSpan IngestionDelay { get; init; }

    /// <summary>How long applications need to see a changed flag.</summary>
    public required TimeSpan Propagation { get; init; }

    /// <summary>How long lost sight is tolerated.</summary>
    public required TimeSpan BlindHold { get; init; }

    /// <summary>What happens when sight stays lost.</summary>
    public required BlindAction BlindThen { get; init; }
}

/// <summary>One compensation level of the plan.</summary>
/// <param name="Level">1 flags, 2 configuration, 3 code.</param>
/// <param name="Budget">The time after which the next level starts: 5, 10 and 15 minutes.</param>
/// <param name="Targets">Flags, steps back of traffic, configuration keys, or the hook's URL.</param>
public sealed record PlannedLevel(int Level, TimeSpan Budget, IReadOnlyList<string> Targets);
