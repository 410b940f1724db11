using System.Text.Json.Nodes;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Releases that are decided by evidence, and what happens where it does not suffice.</summary>
public class EvidenceStories
{
    [Fact]
    [Trait("requirement", "S002-82")]
    public async Task At_low_risk_a_stage_without_enough_evidence_is_extended_and_then_promoted_with_a_warning()
    {
        await using var world = new ReleaseWorld();
        world.Service.Rps = 2;
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var ended = Assert.Single(await world.EntriesAsync<StageEnded>(release));
        Assert.Equal((Verdict.Undecided, true), (ended.Verdict, ended.Promoted));
        Assert.Contains("missing error_rate: about ", ended.Sentence);
        var state = await world.StateAsync(release);
        var took = state.Stages[0].EndedAt!.Value - state.Stages[0].EvidenceFrom!.Value;
        Assert.InRange(took, TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(25));

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        var report = JsonNode.Parse(ReportJson.Write(ReleaseReporter.Report(await world.StateAsync(release), world.Time.GetUtcNow())))!;
        var check = report["pre_deployment"]!["checks"]!.AsArray().Single(check => check!.ToJsonString().Contains("promotion of stage 1", StringComparison.Ordinal))!;
        Assert.Contains("promoted although the evidence was undecided", check["details"]!.GetValue<string>());
        Assert.Contains(ended.Sentence, check["details"]!.GetValue<string>());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Where_the_request_asks_for_it_a_person_decides_at_the_longest_bake()
    {
        await using var world = new ReleaseWorld();
        world.Service.Rps = 2;
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Guardrails = request.Guardrails with { WhenUndecided = UndecidedAction.Ask } });
        await world.RunUntilAsync(release, ReleasePhase.Paused, 0);
        Assert.Contains("the evidence does not suffice at the longest bake", (await world.StateAsync(release)).PhaseReason);

        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Promote));
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        Assert.Equal(new Percentage(25), await world.ExposureAsync());
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-35")]
    [Trait("requirement", "S004-168")]
    public async Task A_regression_below_every_limit_rolls_back_and_says_the_same_everywhere()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);

        // The limit is 1 %.
        world.Service.ErrorRate = (canary, _) => canary ? 0.008 : 0.002;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        var begun = Assert.Single(await world.EntriesAsync<RollbackBegun>(release));
        Assert.Contains("4 times the control's 0.2 %, tolerated 1.25", begun.Reason);
        Assert.Contains("rule error_rate against control", begun.Reason);
        Assert.Contains(begun.Reason, state.PhaseReason);
        var judged = (await world.EntriesAsync<IntervalJudged>(release)).First(interval => interval.Assessment.Verdict == Verdict.Fail);
        Assert.Equal(judged.Assessment.Sentence, begun.Reason);
        Assert.All(judged.Assessment.Readings, reading => Assert.True(double.IsFinite(reading.LogEvidence)));
        Assert.Contains(world.Mailer.Sent, sent => sent.Mail.Text.ReplaceLineEndings(" ").Contains("rule error_rate against control", StringComparison.Ordinal));
        Assert.Contains(begun.Reason, ReportJson.Write(ReleaseReporter.Report(state, world.Time.GetUtcNow())).Replace("\\u0027", "'", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_regression_that_begins_after_hours_of_health_is_found_as_fast_as_one_at_the_start()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Stages = [.. request.Stages.Select(stage => stage with { Bake = TimeSpan.FromHours(3) })] });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromHours(2));
        var bad = world.Time.GetUtcNow();
        world.Service.ErrorRate = (canary, at) => canary && at >= bad ? 0.009 : 0.002;
        await world.RunToEndAsync(release);

        var begun = (await world.LedgerAsync(release)).Single(entry => entry.Read() is RollbackBegun);
        Assert.InRange(begun.At - bad, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(20));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Other_settings_on_the_same_evidence_would_have_decided_otherwise()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);
        world.Service.ErrorRate = (canary, _) => canary ? 0.008 : 0.002;
        await world.RunToEndAsync(release);
        var ledger = await world.LedgerAsync(release);
        var tolerant = Core.Analysis.Replaying.VerdictReplay.Run(
            ledger, new Core.Analysis.Judging.EvidenceJudge(), new Core.Analysis.Replaying.OtherSettings(ToleratedRatio: 6).Apply);

        Assert.Contains(tolerant, verdict => verdict.Recorded.Assessment.Verdict == Verdict.Fail && verdict.Recomputed!.Verdict != Verdict.Fail);
        Assert.DoesNotContain(tolerant, verdict => verdict.Recomputed!.Verdict == Verdict.Fail);
    }
}
