using Slipway.Core.Documents.Changelog;
using Slipway.Core.Documents.Delivery;
using Slipway.Core.Documents.Evidence;
using Slipway.Core.Documents.Plans;
using Slipway.Core.Documents.Rollback;
using Slipway.Core.Documents.Rollout;
using Slipway.Core.Documents.Run;
using Slipway.Core.Documents.Stages;

namespace Slipway.Core.Documents;

/// <summary>All documents of a release, rendered from one dossier; pure, so that the same dossier always gives the same bytes.</summary>
public static class ReleaseDocuments
{
    private static readonly IReadOnlyList<Entry> All =
    [
        new(DocumentNames.PhasedPlan, "md", PhasedPlanDocument.Render),
        new(DocumentNames.ClarifyingQuestions, "md", ClarifyingQuestionsDocument.Render, dossier => dossier.Gaps.Gaps.Count > 0),
        new(DocumentNames.SafetyChecklist, "md", SafetyChecklistDocument.Render),
        new(DocumentNames.RolloutPlan, "md", RolloutPlanDocument.Render),
        new(DocumentNames.ReleaseDeploymentPlan, "md", ReleaseDeploymentPlanDocument.Render),
        new(DocumentNames.RollbackStrategy, "md", RollbackStrategyDocument.Render),
        new(DocumentNames.DeploymentStrategy, "md", DeploymentStrategyDocument.Render),
        new(DocumentNames.Rehearsal, "md", RehearsalDocument.Render),
        new(DocumentNames.PlanningNotes, "txt", PlanningNotesDocument.Render),
        new(DocumentNames.DeploymentManifest, "json", DeploymentManifest.Render),
        new(DocumentNames.Changelog, "md", ChangelogDocument.Render),
        new(DocumentNames.DeploymentLog, "md", DeploymentLogDocument.Render),
        new(DocumentNames.IncidentReport, "md", IncidentReportDocument.Render, dossier => dossier.State?.Rollback is not null),
    ];

    /// <summary>The names of all documents, in their order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(entry => entry.Name)];

    /// <summary>The documents that there are for a dossier: an incident report only after a rollback, and where something blocks the start only
    /// the questions, as no plan is made of a request that says too little.</summary>
    public static IReadOnlyList<ReleaseDocument> Render(ReleaseDossier dossier) => [.. All
        .Where(entry => entry.Applies(dossier) && (dossier.Gaps.Insufficient is null || dossier.State is not null || entry.Name is DocumentNames.PhasedPlan or DocumentNames.ClarifyingQuestions))
        .Select(entry => entry.Make(dossier))];

    /// <summary>One document; null when there is none of this name.</summary>
    /// <param name="dossier">What it is rendered from.</param>
    /// <param name="name">One of <see cref="Names"/>, with or without its ending; upper and lower case are the same.</param>
    public static ReleaseDocument? Render(ReleaseDossier dossier, string name) =>
        All.FirstOrDefault(entry => Same(entry, name))?.Make(dossier);

    private static bool Same(Entry entry, string name) =>
        string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals($"{entry.Name}.{entry.Ending}", name, StringComparison.OrdinalIgnoreCase);

    private sealed record Entry(string Name, string Ending, Func<ReleaseDossier, string> Text, Func<ReleaseDossier, bool>? When = null)
    {
        public bool Applies(ReleaseDossier dossier) => When is null || When(dossier);

        public ReleaseDocument Make(ReleaseDossier dossier) => new(
            Name, $"{Name}.{Ending}", Ending switch { "md" => "text/markdown", "json" => "application/json", _ => "text/plain" }, Text(dossier));
    }
}
