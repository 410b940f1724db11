using Slipway.Rehearsal.World;

namespace Slipway.Rehearsal.Scenarios;

/// <summary>Something that may happen to a release.</summary>
public sealed record Scenario
{
    /// <summary>As on the command line, without a stage.</summary>
    public required string Name { get; init; }

    /// <summary>What happens, in one sentence.</summary>
    public required string What { get; init; }

    /// <summary>Why a plan cannot be rehearsed so at a stage; null: it can.</summary>
    public Func<RehearsalSubject, int, string?> Unfit { get; init; } = static (_, _) => null;

    /// <summary>What happens to a plan, from a stage on.</summary>
    public required Func<RehearsalSubject, int, ScenarioScript> Script { get; init; }

    /// <summary>How that has to end.</summary>
    public required Func<RehearsalSubject, int, Expectation> Expect { get; init; }

    /// <summary>Whether one seed is enough however many are asked for: it costs much, and luck has little part in it.</summary>
    public bool OneSeed { get; init; }

    /// <summary>The stage where none is named.</summary>
    public Func<RehearsalSubject, int> Stage { get; init; } = static subject => subject.FirstExposing;
}

/// <summary>A scenario at a stage.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Stage">The stage that was named, as position in the plan; null: the scenario's own.</param>
public sealed record ChosenScenario(Scenario Scenario, int? Stage)
{
    /// <summary>As on the command line.</summary>
    public string Name => Stage is { } stage ? FormattableString.Invariant($"{Scenario.Name}@{stage + 1}") : Scenario.Name;
}
