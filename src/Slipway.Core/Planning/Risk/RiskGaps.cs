using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Risk;

/// <summary>What a request does not say about its risk. Each is computed or left open, so that none of them blocks the start.</summary>
internal static class RiskGaps
{
    public static IEnumerable<Gap> Of(ReleaseRequest request)
    {
        if (request.Changes.Files.Count == 0)
            yield return Asks("changes.files", "the file change manifest", "Which files are new, modified or deleted?");
        if (request.Changes.Complexity is null)
            yield return Asks("changes.complexity", "how complex the change is (computed meanwhile)", "How complex is the change, from 1 (trivial) to 10?");
        if (request.Release.DeclaredRisk is null)
            yield return Asks("release.declared_risk", "the risk as its author sees it (counts as medium)", "How much can go wrong: low, medium, high or critical?");
        if (request.Release.BlastRadius is null)
            yield return Asks("release.blast_radius", "who is hit when it goes wrong (computed meanwhile)", "Who is hit when it goes wrong: minimal, limited, significant or global?");
        if (request.Release.RollbackComplexity is null)
            yield return Asks("release.rollback_complexity", "how hard the way back is (computed meanwhile)", "How hard is the way back: simple, moderate or complex?");
        if (request.Release.KnownRisks is null)
            yield return Asks("release.known_risks", "what is known that could go wrong (none is an answer)", "What is known that could go wrong?");
        if (request.Tolerance is null)
            yield return Asks("tolerance", "how much may be exposed at first (10 % counts)", "How many percent of the users may meet the new version at first, and for how long?");
    }

    private static Gap Asks(string path, string missing, string question) => new(path, missing, question, $"Answer at {path}: {missing}.", Blocking: false);
}
