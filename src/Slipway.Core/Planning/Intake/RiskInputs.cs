using static Slipway.Core.Planning.Intake.IntakeInput;
using static Slipway.Core.Planning.Intake.IntakeNeed;

namespace Slipway.Core.Planning.Intake;

/// <summary>What can go wrong, and how much of it is tolerated. Each is computed or taken from the default profile meanwhile.</summary>
internal static class RiskInputs
{
    public static IReadOnlyList<IntakeInput> All { get; } =
    [
        Of(Strict, "tolerance", "the risk tolerance (10 % counts)", "How many percent of the users may meet the new version at first, and for how long?",
            view => view.Request.Tolerance is null) with { Brief = true },
        Of(Strict, "release.blast_radius", "who is hit when it goes wrong (computed meanwhile)", "Who is hit when it goes wrong: minimal, limited, significant or global?",
            view => view.Request.Release.BlastRadius is null),
        Of(Strict, "release.rollback_complexity", "how hard the way back is (computed meanwhile)", "How hard is the way back: simple, moderate or complex?",
            view => view.Request.Release.RollbackComplexity is null),
        Of(Strict, "release.known_risks", "the known risks", "What is known that could go wrong? None is an answer.",
            view => !view.IsAnswered("release.known_risks", view.Request.Release.KnownRisks)),
        Of(Strict, "changes.complexity", "how complex the change is (computed meanwhile)", "How complex is the change, from 1 (trivial) to 10?",
            view => view.Request.Changes.Complexity is null),
    ];
}
