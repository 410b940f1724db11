using Slipway.Core.Releases;

namespace Slipway.Workflow.Releases;

/// <summary>Ends an orchestration at once, from wherever it stands: the ledger says that somebody else brings its release back.</summary>
/// <param name="release">The release.</param>
/// <param name="by">Who took it over.</param>
internal sealed class ReleaseTakenOverException(ReleaseId release, string by)
    : Exception($"{release} was taken over by {by}; this orchestration ends.");
