using Slipway.Core.Decisions;

namespace Slipway.Core.Planning.Failures;

/// <summary>A scenario with what the plan does about it.</summary>
/// <param name="Scenario">What can go wrong.</param>
/// <param name="Watch">What notices it; null exactly where it does not apply.</param>
/// <param name="Answer">What follows; null exactly where it does not apply.</param>
public sealed record FailureMode(FailureScenario Scenario, FailureWatch? Watch, FailureAnswer? Answer);

/// <summary>What notices a failure.</summary>
/// <param name="Row">The row of the decision matrix that says what follows at each stage.</param>
/// <param name="Trigger">The name of the plan's trigger; null where people report it or the workflow itself sees it.</param>
/// <param name="Check">What is checked beside it, as a sentence without its full stop.</param>
public sealed record FailureWatch(MatrixRow Row, string? Trigger, string Check);

/// <summary>What follows when it happens: a compensation level, or a degradation that users can live with.</summary>
/// <param name="Level">The level that begins, 1 to 3; null where nothing goes back.</param>
/// <param name="Sentence">What happens, without its full stop.</param>
public sealed record FailureAnswer(int? Level, string Sentence);
