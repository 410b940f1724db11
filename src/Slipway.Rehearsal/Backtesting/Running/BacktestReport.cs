using System.Text.Json.Serialization;
using Slipway.Rehearsal.Backtesting.Recordings;

namespace Slipway.Rehearsal.Backtesting.Running;

/// <summary>What a plan would have decided on recorded telemetry.</summary>
public sealed record BacktestReport
{
    /// <summary>The form of this object.</summary>
    public const string SchemaName = "slipway.backtest.v1";

    /// <summary>The form of this object.</summary>
    public string Schema { get; init; } = SchemaName;

    /// <summary>The release.</summary>
    public required string Release { get; init; }

    /// <summary>Lower-case hex SHA-256 of the request's canonical JSON, as the ledger of its start will have it.</summary>
    public required string ContentHash { get; init; }

    /// <summary>What is in the recording.</summary>
    public required RecordingSurvey Recording { get; init; }

    /// <summary>Where the two arms come from.</summary>
    public required ArmSource Arms { get; init; }

    /// <summary>The first seed of the splits.</summary>
    public required int Seed { get; init; }

    /// <summary>How often the recording was split; 1 where its own arms are judged.</summary>
    public required int Seeds { get; init; }

    /// <summary>What was assumed, a sentence each.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    /// <summary>What became of healthy releases.</summary>
    public required HealthyResult Healthy { get; init; }

    /// <summary>What became of releases that bring an incident with them, in the order in which incidents were named.</summary>
    public required IReadOnlyList<IncidentResult> Incidents { get; init; }

    /// <summary>Whether nothing speaks against the plan: false rollbacks within the budget as far as can be told, and every incident that
    /// could be judged caught.</summary>
    public bool Passed => !Healthy.Refuted && Incidents.All(incident => incident.Caught || incident.NotJudged is not null);
}

/// <summary>What became of healthy releases, one after the other over the healthy time of the recording.</summary>
public sealed record HealthyResult
{
    /// <summary>So many false rollbacks are named, the first ones.</summary>
    public const int MostNamed = 100;

    /// <summary>Those that came to an end within healthy time, over all splits; the others are <see cref="Cut"/>.</summary>
    public required int Releases { get; init; }

    /// <summary>All users got the new version.</summary>
    public required int Completed { get; init; }

    /// <summary>A person would have been asked.</summary>
    public required int Held { get; init; }

    /// <summary>Rolled back because sight was lost; the gaps of the recording, and not the evidence.</summary>
    public required int LostSight { get; init; }

    /// <summary>Rolled back by evidence or a trigger.</summary>
    public required int RolledBack { get; init; }

    /// <summary>Under way when an incident, a gap or the end of the recording came; counted for nothing.</summary>
    public required int Cut { get; init; }

    /// <summary>Rolled back by evidence or a trigger among those that came to an end, 0 to 1; null: none did.</summary>
    public double? FalseRollbackRate { get; init; }

    /// <summary>The lower end of its 95 % interval (Clopper and Pearson), 0 to 1.</summary>
    public required double Low { get; init; }

    /// <summary>The upper end.</summary>
    public required double High { get; init; }

    /// <summary>The share that the plan allows, 0 to 1.</summary>
    public required double Budget { get; init; }

    /// <summary>Whether the whole interval lies above the budget.</summary>
    public bool Refuted => Low > Budget;

    /// <summary>The rollbacks, in the order of splits and time.</summary>
    public required IReadOnlyList<FalseRollback> FalseRollbacks { get; init; }
}

/// <summary>A healthy release that was rolled back.</summary>
/// <param name="Seed">The split.</param>
/// <param name="BeganAt">When it was first shifted.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Stage">In which stage, 1 first.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Why">In one sentence.</param>
public sealed record FalseRollback(int Seed, DateTimeOffset BeganAt, DateTimeOffset At, int Stage, string Rule, string Why);

/// <summary>What became of releases that bring one incident with them.</summary>
public sealed record IncidentResult
{
    /// <summary>Its begin.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Its end, exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Why it cannot be judged; null: it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NotJudged { get; init; }

    /// <summary>A row for each stage with which it may begin.</summary>
    public IReadOnlyList<IncidentStage> Stages { get; init; } = [];

    /// <summary>Whether a release that brings it to its first users is caught in most splits.</summary>
    public bool Caught => Stages.Count > 0 && 2 * Stages[0].Caught > Stages[0].Runs && Stages[0].Runs > 0;
}

/// <summary>Releases whose stage is shifted to when the incident begins.</summary>
public sealed record IncidentStage
{
    /// <summary>The stage, 1 first.</summary>
    public required int Stage { get; init; }

    /// <summary>Its share of the users in percent.</summary>
    public required double Percentage { get; init; }

    /// <summary>Whether the stages before were judged on the recording, from the healthy time before the incident.</summary>
    public required bool LeadIn { get; init; }

    /// <summary>How many came to this stage, over all splits.</summary>
    public required int Runs { get; init; }

    /// <summary>Rolled back or held within the incident.</summary>
    public required int Caught { get; init; }

    /// <summary>Of those, only held: a person is asked.</summary>
    public required int Held { get; init; }

    /// <summary>Rolled back or held before it began: false alarms, counted for nothing else here.</summary>
    public required int Before { get; init; }

    /// <summary>Median minutes from its begin to the decision, of those that were caught; null: none was.</summary>
    public double? MinutesToDetect { get; init; }

    /// <summary>Median of the canary's requests that failed beyond what is usual until the decision, or until its end.</summary>
    public double? FailedBeyondUsual { get; init; }

    /// <summary>The same of requests slower than usual, by the plan's tolerance; a request may be both.</summary>
    public double? SlowBeyondUsual { get; init; }

    /// <summary>The first split's decision; null: it was not caught.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IncidentDecision? First { get; init; }
}

/// <summary>A decision on an incident.</summary>
/// <param name="At">When.</param>
/// <param name="Stage">In which stage, 1 first.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Why">In one sentence.</param>
public sealed record IncidentDecision(DateTimeOffset At, int Stage, string Rule, string Why);
