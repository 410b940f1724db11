using System.Text.Json.Serialization;
using Slipway.Rehearsal.Scenarios;

namespace Slipway.Rehearsal.Running;

/// <summary>What a rehearsal found: the matrix of its scenarios, dated, and hashed with the request that it is about.</summary>
public sealed record RehearsalReport
{
    /// <summary>The form of this object.</summary>
    public const string SchemaName = "slipway.rehearsal.v1";

    /// <summary>The form of this object.</summary>
    public string Schema { get; init; } = SchemaName;

    /// <summary>The release.</summary>
    public required string Release { get; init; }

    /// <summary>Lower-case hex SHA-256 of the request's canonical JSON, as the ledger of its start will have it.</summary>
    public required string ContentHash { get; init; }

    /// <summary>When it was rehearsed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took, in seconds; null: not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DurationSeconds { get; init; }

    /// <summary>Whether the whole library was rehearsed, as far as it fits the plan.</summary>
    public required bool Complete { get; init; }

    /// <summary>The first seed.</summary>
    public required int Seed { get; init; }

    /// <summary>How many seeds each scenario was rehearsed with; one where luck has little part in it.</summary>
    public required int Seeds { get; init; }

    /// <summary>What was assumed of the service, a sentence each.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    /// <summary>The scenarios, in the order of the library.</summary>
    public required IReadOnlyList<ScenarioResult> Scenarios { get; init; }

    /// <summary>Whether every promise was kept.</summary>
    public bool Passed => Scenarios.Any(scenario => scenario.Runs.Count > 0) && Scenarios.All(scenario => scenario.Passed);
}

/// <summary>One scenario of the matrix.</summary>
public sealed record ScenarioResult
{
    /// <summary>As on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What happens.</summary>
    public required string What { get; init; }

    /// <summary>The stage from which it does, 1 first; null where it does not fit the plan.</summary>
    public int? Stage { get; init; }

    /// <summary>How it has to end; empty where it does not fit the plan.</summary>
    public string Expected { get; init; } = "";

    /// <summary>Why it does not fit the plan; null: it does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NotApplicable { get; init; }

    /// <summary>A run for each seed.</summary>
    public IReadOnlyList<RehearsalRun> Runs { get; init; } = [];

    /// <summary>How many runs count against what the plan claims: a regression that it says it finds and that went on to everybody is missed, and no
    /// healthy release that completed. Null: it claims nothing of the scenario as a rate.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? AgainstClaim { get; init; }

    /// <summary>How a run ended, in one word: a regression that the plan claims to find and that went on to everybody is <c>missed</c>, whatever its
    /// release says of itself.</summary>
    public string OutcomeOf(RehearsalRun run) => AgainstClaim > 0 && Name != ScenarioLibrary.Healthy && run.Outcome == "completed" ? "missed" : run.Outcome;

    /// <summary>What all runs together say against the plan, a sentence each.</summary>
    public IReadOnlyList<string> Refuted { get; init; } = [];

    /// <summary>Whether every promise was kept.</summary>
    public bool Passed => Refuted.Count == 0 && Runs.All(run => run.Broken.Count == 0);
}
