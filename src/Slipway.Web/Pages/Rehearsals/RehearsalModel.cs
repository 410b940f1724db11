using Slipway.Core.Documents.Evidence;
using Slipway.Core.Releases;

namespace Slipway.Web.Pages.Rehearsals;

/// <summary>What is known of a release before anybody is exposed.</summary>
/// <param name="Frame">What is around it.</param>
/// <param name="Release">The release.</param>
/// <param name="Title">Its title and version.</param>
/// <param name="Evidence">Rehearsal and power.</param>
public sealed record RehearsalModel(PageFrame Frame, ReleaseId Release, string Title, StartEvidence Evidence);
