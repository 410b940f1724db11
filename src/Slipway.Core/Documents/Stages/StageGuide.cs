using Slipway.Core.Decisions;
using Slipway.Core.Documents.Commands;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Canonical;
using Slipway.Core.Requests;
using CanonicalStage = Slipway.Core.Planning.Canonical.CanonicalStage;

namespace Slipway.Core.Documents.Stages;

/// <summary>
/// One canonical stage as every document describes it: what is done, what is checked before the release goes on, and what leads back. The
/// checks are those that the workflow itself makes. Texts are inline Markdown.
/// </summary>
internal sealed class StageGuide
{
    private readonly ReleaseDossier _dossier;

    private StageGuide(ReleaseDossier dossier, CanonicalStage stage) => (_dossier, Stage) = (dossier, stage);

    public CanonicalStage Stage { get; }

    /// <summary>The five stages of a release.</summary>
    public static IReadOnlyList<StageGuide> Of(ReleaseDossier dossier) => [.. CanonicalSequence.Of(dossier.Plan).Select(stage => new StageGuide(dossier, stage))];

    /// <summary>Whether users meet the new version.</summary>
    public bool Exposes => Stage.RunsAs == StageRunsAs.Exposure;

    public bool Runs => Stage.RunsAs != StageRunsAs.NotRun;

    /// <summary><c>ZERO-RISK</c>, or <c>FINAL</c>.</summary>
    public string Label => Stage.Label == StageLabel.Final ? "FINAL" : $"{Stage.Label.ToString().ToUpperInvariant()}-RISK";

    public string Goal => Stage.Name switch
    {
        CanonicalStageName.Infrastructure => $"The code is deployed with {Off}; nobody uses it",
        CanonicalStageName.Integration => $"All code runs beside the present one with {Off}; existing functions are as before",
        CanonicalStageName.Canary => $"{Stage.Share} of users show whether the new version does worse than the old one",
        CanonicalStageName.Partial => Runs ? $"{string.Join(", then ", Stage.Steps.Select(step => step.Percentage))} of users show it at scale" : "No share between the first and everybody is planned",
        _ => "Every user is on the new version, watched to the end",
    };

    /// <summary>What is deployed or enabled.</summary>
    public string Enable => Exposes
        ? $"{string.Join(", then ", Stage.Steps.Select(step => step.Percentage))} of users{(Flags.Length > 0 ? $" by {Flags}" : " by the deploy hook's traffic")}"
        : MarkdownText.Inline(Stage.RunsAsText, 300);

    /// <summary>How long, with the range that it was chosen from.</summary>
    public string Wait
    {
        get
        {
            var range = Stage.Shortest == Stage.Longest ? DocumentNumbers.Hours(Stage.Shortest) : $"{DocumentNumbers.Hours(Stage.Shortest)} to {DocumentNumbers.Hours(Stage.Longest)}";
            var why = Stage.IsAccelerated ? "accelerated, as the risk is low" : $"canonical range {range}";
            return Stage.Number == 1 ? "0 hours (proceed immediately)" : $"{DocumentNumbers.Hours(Stage.Wait)} ({why})";
        }
    }

    /// <summary>The step that brings the release here; a person only ever starts it.</summary>
    public ProcedureStep Command => Stage.Number switch
    {
        1 => _dossier.Platform.Deploy,
        2 => _dossier.Platform.Started,
        3 => new ProcedureStep
        {
            Action = "Start the release; it goes on through all stages by itself",
            Command = "slipway start release.yaml",
            Expected = $"{_dossier.Plan.ReleaseId.Value} is listed and preflight passes",
            OnFailure = "Read the gate that failed; nothing was changed",
        },
        _ => new ProcedureStep
        {
            Action = "Follow the release; the next shift comes by itself when its checks have passed",
            Command = $"slipway watch {_dossier.Plan.ReleaseId.Value}",
            Expected = $"{(Stage.Share is { } share ? share.ToString() : "the next stage")} exposed",
            OnFailure = $"Ask why: slipway why {_dossier.Plan.ReleaseId.Value}",
        },
    };

    /// <summary>What is watched.</summary>
    public IReadOnlyList<string> Monitor => Exposes
        ? [.. Metrics.Select(metric => $"{MarkdownText.Inline(DocumentNumbers.Metric(metric))}, both versions side by side, every {DurationText.Format(_dossier.Plan.Watch.Interval)}"), "Reports of users, incidents and the application's own errors"]
        : Stage.Number == 1
            ? ["Deployment success", "No new exceptions in the logs"]
            : [$"Stability of the {_dossier.Platform.Units}: memory and CPU as before", "No errors from new modules, which should be dormant", .. BandTexts.Monitor(_dossier, Stage)];

    /// <summary>What has to be so before the release goes on: first what people look at, then what Slipway checks, each with the name under
    /// which it stands in ledger and report.</summary>
    public IReadOnlyList<string> Criteria => [.. ByPeople, .. StageCriteria.Of(_dossier, Stage)];

    /// <summary>What no check of the release tells.</summary>
    private IEnumerable<string> ByPeople => Stage.Number switch
    {
        1 => ["Deployment completes without errors", "Application starts", "No new errors in logs"],
        2 => ["Error rate is not above the old version's", .. Measures(MeasurementKind.Memory) ? [] : (string[])["No memory leak after 1 hour, which people look at: the release has no measure of it"], "All existing functionality is working"],
        _ => [],
    };

    /// <summary>The alarms that are armed in this stage: the names of the plan's triggers.</summary>
    public IReadOnlyList<string> Alarms => [.. _dossier.Plan.Triggers.Select(trigger => trigger.Name)];

    /// <summary>What leads back from here, in words; the command is always the same.</summary>
    public string Back => Stage.Number switch
    {
        1 => "Not needed (code not active)",
        2 => "Level 1, although nobody is exposed yet",
        3 => $"Level 1 at once on ANY critical alert, {DecisionMatrix.WarningCount}+ warnings in {DecisionMatrix.WarningSpan.TotalMinutes:0} minutes, or confirmed complaints",
        4 => "Level 1 on any issue",
        _ => "Level 1 as the decision matrix says for stage 5",
    };

    /// <summary>The times that it had, or will have at the earliest, of each step; empty where it has none of its own.</summary>
    public string When => string.Join("; ", Stage.Steps.Select(step => Stage.Steps.Count > 1 ? $"{step.Percentage} {Times(step)}" : Times(step)));

    private string Times(PlannedStage step)
    {
        if (_dossier.State is { Created: not null } state && state.Stages[step.Index] is { StartedAt: { } started } ran)
            return ran is { Status: StageStatus.Completed, EndedAt: { } ended } ? $"actual: {DocumentNumbers.Moment(started)} to {DocumentNumbers.Moment(ended)}" : $"actual: since {DocumentNumbers.Moment(started)}";
        return _dossier.Times.FirstOrDefault(times => times.Stage.Index == step.Index) is { } planned
            ? $"planned: {DocumentNumbers.Moment(planned.From)} to {DocumentNumbers.Moment(planned.Until)} at the earliest"
            : "no allowed slot within a year";
    }

    private bool Measures(MeasurementKind kind) => BandTexts.In(_dossier, Stage).Any(measurement => measurement.Kind == kind && measurement.MaxSlope is not null);

    private string Off => _dossier.Plan.Flags.Count > 0 ? $"{Flags} off" : "no traffic";

    private string Flags => string.Join(", ", _dossier.Plan.Environments[^1].Flags.Select(flag => MarkdownText.Code(flag.Key.ToString())));

    private IEnumerable<string> Metrics => _dossier.Plan.Triggers.Select(trigger => trigger.Metric).Concat(_dossier.Plan.Evidence.Kpis.Select(kpi => kpi.Name)).Distinct(StringComparer.Ordinal);
}
