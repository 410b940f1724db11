using Slipway.Core.Documents;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning.Canonical;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>The documents of a release that runs, or is over, tell what its ledger and its report tell.</summary>
public class DocumentStories
{
    [Fact]
    [Trait("requirement", "S004-133")]
    [Trait("requirement", "S001-98")]
    public async Task A_rollback_has_an_incident_report_with_its_finding_its_times_and_who_was_told()
    {
        await using var world = new ReleaseWorld();
        world.Service.ErrorRate = (canary, _) => canary ? 0.2 : 0.002;
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking);
        Assert.DoesNotContain(ReleaseDocuments.Render(await DossierAsync(world, release)), document => document.Name == DocumentNames.IncidentReport);

        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        var dossier = await DossierAsync(world, release);
        var text = ReleaseDocuments.Render(dossier, DocumentNames.IncidentReport)!.Text;

        Assert.Contains("- **Decided by**: Slipway, automatically", text, StringComparison.Ordinal);
        Assert.Contains("- **Status**: rolled back and verified", text, StringComparison.Ordinal);
        Assert.Contains($"- **Peak exposure**: {state.PeakExposure}", text, StringComparison.Ordinal);
        Assert.Contains(MarkdownText.Inline(state.Rollback!.Finding!.Sentence, 600), text, StringComparison.Ordinal);
        Assert.Contains("| 1 | recovered |", text, StringComparison.Ordinal);
        Assert.Contains("Nothing: every flag and key is as it was captured before the release.", text, StringComparison.Ordinal);
        Assert.All(state.Messages.Values, message => Assert.Contains(message.Last.Recipient, text, StringComparison.Ordinal));
        Assert.Contains("by " + state.EndedAt!.Value.AddHours(48).UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S000-29")]
    public async Task The_condensed_way_back_lists_what_the_workflow_does_in_its_order()
    {
        await using var world = new ReleaseWorld();
        world.Service.ErrorRate = (canary, _) => canary ? 0.2 : 0.002;
        var release = await world.StartAsync(Requests.Canary());
        await world.RunToEndAsync(release);

        var entries = await world.LedgerAsync(release);
        int First(Func<LedgerBody, bool> which) => entries.ToList().FindIndex(entry => which(entry.Read()));
        var begun = First(body => body is RollbackBegun);
        var flags = entries.ToList().FindIndex(begun, entry => entry.Read() is EffectIntended { Kind: EffectKind.Flag });
        var verified = First(body => body is LevelEnded);
        Assert.True(begun >= 0 && begun < flags && flags < verified);

        var list = ReleaseDocuments.Render(await DossierAsync(world, release), DocumentNames.PhasedPlan)!.Text;
        list = list[list.IndexOf("## rollbackProcedures", StringComparison.Ordinal)..];
        int[] order = [.. new[] { "begins (`communication`)", "(`flags`)", "(`configuration`)", "(`code`)", "(`db-migration`)", "Verify with", "the verified result" }.Select(step => list.IndexOf(step, StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, order);
        Assert.Equal(order.Order(), order);
    }

    [Fact]
    [Trait("requirement", "X07")]
    [Trait("requirement", "X11")]
    [Trait("requirement", "S000-48")]
    public async Task Documents_workflow_and_report_agree_on_stages_waits_and_triggers_and_times_are_filled_in()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.Completed, state.Phase);
        var dossier = await DossierAsync(world, release);
        var report = ReleaseReporter.Report(state, world.Time.GetUtcNow());

        var steps = CanonicalSequence.Of(state.Plan).SelectMany(stage => stage.Steps).ToList();
        Assert.Equal(report.ProgressiveRollout.Stages.Select(stage => (stage.Percentage, stage.DurationMinutes)), steps.Select(step => ((double)step.Percentage.Value, step.Bake.TotalMinutes)));
        Assert.Equal(state.Plan.Stages, steps);

        var strategy = ReleaseDocuments.Render(dossier, DocumentNames.DeploymentStrategy)!.Text;
        Assert.All(state.Stages, stage => Assert.Contains(stage.StartedAt!.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture), strategy, StringComparison.Ordinal));
        Assert.Contains("actual: ", strategy, StringComparison.Ordinal);
        var plan = ReleaseDocuments.Render(dossier, DocumentNames.RolloutPlan)!.Text;
        Assert.All(report.DeploymentPlan.RollbackTriggers.SkipLast(1), trigger => Assert.Contains($"| {trigger.Metric} | {trigger.Threshold} |", plan, StringComparison.Ordinal));
        Assert.Contains("**Decision: GO, at ", plan, StringComparison.Ordinal);
        Assert.Contains("- [x] Feature flag default set to OFF: evidence `gate:kill switch`", ReleaseDocuments.Render(dossier, DocumentNames.SafetyChecklist)!.Text, StringComparison.Ordinal);

        var log = ReleaseDocuments.Render(dossier, DocumentNames.DeploymentLog)!.Text;
        Assert.Equal(state.Audit.Count, log.Split('\n').Count(line => line.StartsWith("| 20", StringComparison.Ordinal)));
    }

    private static async Task<ReleaseDossier> DossierAsync(ReleaseWorld world, ReleaseId release)
    {
        var state = await world.StateAsync(release);
        return new ReleaseDossier { Request = state.Request, Plan = state.Plan, Gaps = IntakeGaps.Analyse(state.Request), At = world.Time.GetUtcNow(), State = state };
    }
}
