using System.Globalization;
using Slipway.Core.Documents.Commands;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Rollout;

/// <summary>Section 4: the steps in three phases, each with its command, its validation and how long it takes.</summary>
internal static class RolloutSteps
{
    private static readonly TimeSpan Preparing = TimeSpan.FromMinutes(5);

    /// <summary>How long all steps take together.</summary>
    public static TimeSpan Total(ReleaseDossier dossier) => new(Phases(dossier).SelectMany(phase => phase.Steps).Sum(step => step.Takes.Ticks));

    public static void Write(MarkdownBuilder document, ReleaseDossier dossier)
    {
        foreach (var (name, steps) in Phases(dossier))
        {
            document.Heading(3, name);
            var number = 0;
            foreach (var step in steps)
            {
                document.Paragraph(string.Create(CultureInfo.InvariantCulture, $"**Step {++number}: {MarkdownText.Inline(step.Action)}** ({DocumentNumbers.Hours(step.Takes)})"));
                if (step.Command is { } command) document.Fence("bash", [MarkdownText.Clean(command, 2000)]);
                if (step.Question is { } question) document.Paragraph(DocumentParts.Question(question));
                document.Bullet($"Validation: {MarkdownText.Inline(step.Expected)}");
                document.Bullet($"If not: {MarkdownText.Inline(step.OnFailure)}");
            }
        }
    }

    /// <summary>Development has the least, staging less than production.</summary>
    private static IReadOnlyList<(string Name, IReadOnlyList<ProcedureStep> Steps)> Phases(ReleaseDossier dossier)
    {
        var target = dossier.Environment?.Name ?? EnvironmentName.Prod;
        var platform = dossier.Platform;
        List<ProcedureStep> before = target == EnvironmentName.Dev ? [] :
        [
            new ProcedureStep { Action = "Read the plan once more, with its questions", Command = "slipway validate release.yaml", Expected = "valid, and no question that blocks", OnFailure = "Answer the questions; nothing was changed", Takes = Preparing },
        ];
        if (target == EnvironmentName.Prod)
        {
            before.AddRange(dossier.Request.Preflight.Dependencies.Databases.Where(database => database.Migration is not null).Select(database => new ProcedureStep
            {
                Action = $"Take a snapshot of {database.Name} and restore it into a copy",
                Command = dossier.Request.Delivery?.Backups?.Restore is { Length: > 0 } restore ? restore : null,
                Question = dossier.Request.Delivery?.Backups?.Restore is { Length: > 0 } ? null : "Which command restores it? State delivery.backups.restore",
                Expected = "the copy answers with its newest row",
                OnFailure = "Do not start",
                Takes = TimeSpan.FromMinutes(15),
            }));
        }

        List<ProcedureStep> deploy =
        [
            platform.Deploy with { Takes = Preparing },
            platform.Started with { Takes = TimeSpan.FromMinutes(2) },
            .. target == EnvironmentName.Dev ? [] : new[] { platform.Logs with { Takes = TimeSpan.FromMinutes(2) } },
            new ProcedureStep { Action = "Start the release", Command = "slipway start release.yaml", Expected = $"{dossier.Plan.ReleaseId.Value} is listed, and preflight passes", OnFailure = "Read the gate that failed; nothing was changed", Takes = TimeSpan.FromMinutes(1) },
        ];
        List<ProcedureStep> verify =
        [
            .. dossier.Plan.Stages.Select(stage => Stage(dossier, stage)),
            .. target == EnvironmentName.Prod ? new[] { platform.ScaleDownOld with { Takes = Preparing } } : [],
        ];
        return [("Phase 1: Pre-deployment", before.Count > 0 ? before : [deploy[^1] with { Action = "Check the request", Command = "slipway validate release.yaml", Expected = "valid", Takes = TimeSpan.FromMinutes(1) }]), ("Phase 2: Deployment", deploy), ("Phase 3: Progressive verification", verify)];
    }

    private static ProcedureStep Stage(ReleaseDossier dossier, PlannedStage stage) => new()
    {
        Action = $"Let it go to {dossier.Plan.Describe(stage.Index)} and be judged for {DurationText.Format(stage.Bake)}{(stage.Approval is { } group ? $", after {group} has approved" : "")}",
        Command = $"slipway watch {dossier.Plan.ReleaseId.Value}",
        Expected = stage.Percentage.Value > 0 ? $"{stage.Percentage} exposed, verdict pass" : "nobody exposed, verdict pass",
        OnFailure = $"It goes back by itself; ask why with slipway why {dossier.Plan.ReleaseId.Value}",
        Takes = dossier.Plan.Watch.Propagation + stage.Bake,
    };
}
