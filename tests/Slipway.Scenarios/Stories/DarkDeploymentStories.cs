using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>The first two of the canonical stages, where the deploy hook carries them: all code is there with its flag off, and nobody uses it.</summary>
public sealed class DarkDeploymentStories
{
    private static readonly string[] Known = ["TimeoutException"];

    [Fact]
    [Trait("requirement", "S004-73")]
    [Trait("requirement", "S004-74")]
    [Trait("requirement", "S004-146")]
    [Trait("requirement", "S004-148")]
    [Trait("requirement", "S004-149")]
    [Trait("requirement", "S004-152")]
    [Trait("requirement", "S001-48")]
    public async Task A_derived_release_is_deployed_with_its_flag_off_looked_at_at_once_and_watched_for_an_hour_before_anyone_is_on_it()
    {
        await using var world = new ReleaseWorld();
        world.Service.Rps = 1000;
        world.Service.ErrorTypes = _ => Known;
        var release = await world.StartAsync(Derived());
        var state = await world.RunToEndAsync(release, TimeSpan.FromDays(4));
        Assert.Equal((ReleasePhase.Completed, 0m, 10m), (state.Phase, state.Plan.Stages[0].Percentage.Value, state.Plan.Stages[1].Percentage.Value));
        var entries = (await world.LedgerAsync(release)).Select(entry => (entry.At, entry.Sequence, Body: entry.Read())).ToList();

        // 1: deployed without users; success is recorded, the application answers, and nothing waits.
        var (deployedAt, step) = Assert.Single(world.Hook.Took);
        Assert.Equal((DeployAction.Deploy, Percentage.Zero), (step.Action, step.Percentage));
        var deployed = entries.Single(entry => entry.Body is EffectFinished { Kind: EffectKind.Hook, Outcome: EffectOutcome.Done });
        var answers = entries.First(entry => entry.Sequence > deployed.Sequence && entry.Body is GateChecked { Gate: "smoke: search" });
        Assert.True(answers.Body is GateChecked { Status: GateStatus.Pass } && answers.At - deployedAt <= TimeSpan.FromMinutes(2));
        var read = entries.First(entry => entry.Sequence > answers.Sequence && entry.Body is EffectFinished { Kind: EffectKind.Flag });
        Assert.Equal(Percentage.Zero, ((EffectFinished)read.Body).Flag!.Exposure);
        var started = entries.First(entry => entry.Body is StageStarted);
        Assert.True(started.Sequence > read.Sequence && started.At == deployedAt);

        // 2: an hour without users; every minute is judged, and the kinds of errors are those of before.
        var ended = entries.First(entry => entry.Body is StageEnded);
        Assert.InRange(ended.At - ((StageStarted)started.Body).EvidenceFrom, TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(70));
        var judged = entries.Where(entry => entry.Sequence > started.Sequence && entry.Sequence < ended.Sequence).Select(entry => entry.Body).OfType<IntervalJudged>().SelectMany(interval => interval.Observations).ToList();
        Assert.True(judged.Count >= 55, $"{judged.Count}");
        Assert.All(judged, row => Assert.True(row is { Canary: null, Control: { Requests: > 0, ErrorTypes: ["TimeoutException"] } }));
        Assert.Contains(entries, entry => entry.Sequence < ended.Sequence && entry.Body is GateChecked { Gate: QualityGates.NewErrors, Status: GateStatus.Pass });
        Assert.All((await world.Flags.RevisionsAsync(Requests.Flag, default)).Where(revision => revision.At < ended.At), revision => Assert.Equal(Percentage.Zero, revision.State.Exposure));
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("not started")]
    [InlineData("new errors")]
    [Trait("requirement", "S004-150")]
    [Trait("requirement", "S004-74")]
    [Trait("requirement", "S004-146")]
    [Trait("requirement", "S004-149")]
    [Trait("requirement", "S001-48")]
    public async Task A_deployment_that_is_refused_does_not_start_or_makes_new_errors_goes_back_before_anyone_is_on_it(string how)
    {
        await using var world = new ReleaseWorld();
        world.Service.Rps = 1000;
        DateTimeOffset? deployed = null;
        world.Hook.OnStep = _ => deployed ??= world.Time.GetUtcNow();
        world.Hook.Refuses = _ => how == "refused";
        world.Probe.Answer = (_, at) => new ProbeResult(how == "not started" && deployed is { } from && at - from <= TimeSpan.FromMinutes(3) ? 503 : 200, 20, "", "");
        world.Service.ErrorTypes = at => how == "new errors" && at > deployed ? [.. Known, "TokenFormatException"] : Known;
        var release = await world.StartAsync(Derived());
        var state = await world.RunToEndAsync(release, TimeSpan.FromDays(4));

        Assert.Equal((ReleasePhase.RolledBack, Percentage.Zero), (state.Phase, state.PeakExposure));
        Assert.Equal(1, state.Rollback!.Levels[^1].Result.Level);
        Assert.Contains(how switch { "refused" => "refused to deploy", "not started" => "has not started within 2 min", _ => "new kinds of errors since the deployment: TokenFormatException" }, state.Rollback.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(await world.Flags.RevisionsAsync(Requests.Flag, default), revision => revision.State.Exposure > Percentage.Zero);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>A canary without stages of its own, with a deploy hook.</summary>
    private static ReleaseRequest Derived() => StrategyRequests.CanaryByHook() with { Flags = Requests.Canary().Flags, Stages = [] };
}
