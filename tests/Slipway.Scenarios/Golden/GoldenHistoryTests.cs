using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Embedded.Engine;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Watch;

namespace Slipway.Scenarios.Golden;

/// <summary>
/// Releases that were recorded once go on with today's code: every history in tests/Golden replays, step by step and value by value. A
/// workflow that asks for anything else than it did is found at the first step where it does. tests/Golden/README.md says how to record.
/// </summary>
public class GoldenHistoryTests : IClassFixture<GoldenRecording>
{
    public static TheoryData<string> Stories => [.. GoldenStories.All.Keys];

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_recorded_release_and_its_watches_replay(string story)
    {
        var histories = GoldenFolder.Read(story);
        var registry = ReleaseModule.RegisterWorkflows(new WorkflowRegistry(), new EvidenceJudge());
        foreach (var (part, history) in histories)
        {
            var result = ReplayVerifier.Replay(registry, history);
            Assert.True(result.Ok, $"tests/Golden/{story}.{part}.jsonl: {result.Difference}");
        }

        if (!histories.ContainsKey("release"))
        {
            // Its orchestration failed, as a bug would have it; what is kept is the rescue.
            Assert.Equal(GoldenStories.All[story].Ending, Ending(histories["rescue"][^1]));
            return;
        }

        var last = histories["release"][^1];
        Assert.Equal(HistoryEventKind.Completed, last.Kind);
        Assert.Equal(GoldenStories.All[story].Ending, Ending(last));
        var children = histories["release"].Count(line => line.Kind == HistoryEventKind.ChildScheduled);
        Assert.Equal(children, histories.Keys.Count(part => part.StartsWith("watch-", StringComparison.Ordinal)));
        Assert.Equal(histories["release"].Any(line => line.Name == ReleaseActivities.StartAftercare.Value), histories.ContainsKey("aftercare"));
    }

    [Fact]
    public void Every_history_that_is_kept_belongs_to_a_story() =>
        Assert.Equal(GoldenStories.All.Keys.Order(StringComparer.Ordinal), GoldenFolder.Stories().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("rollback-while-paused")]
    [InlineData("three-levels-failed")]
    public async Task Two_recordings_of_a_story_are_the_same_bytes(string story)
    {
        var first = await GoldenStories.All[story].RecordAsync();
        var second = await GoldenStories.All[story].RecordAsync();

        Assert.Equal(first.Keys.Order(StringComparer.Ordinal), second.Keys.Order(StringComparer.Ordinal));
        Assert.All(first, history => Assert.Equal(history.Value, second[history.Key]));
    }

    [Fact]
    public void A_workflow_that_asks_for_one_activity_more_fails_at_the_step_where_it_does()
    {
        var history = GoldenFolder.Read("completed")["release"];
        var expose = history.First(line => line.Name == ReleaseActivities.Expose.Value);
        var difference = Differ(history, (context, input) => new AlteredContext(context)
        {
            BeforeActivity = name =>
            {
                if (name == ReleaseActivities.Expose.Value) _ = context.RunActivity(ReleaseActivities.Load, new LoadInput(input.Release));
            },
        });

        Assert.Equal((expose.Sequence, expose.Step), (difference.Sequence, difference.Step));
        Assert.Equal(
            $"At history event {expose.Sequence} (step {expose.Step}) history has activity flag.expose.v1, but the code asked for activity release.load.v1.",
            difference.ToString());
    }

    [Fact]
    public void A_workflow_that_asks_for_another_activity_first_fails_at_its_first_step()
    {
        var asked = false;
        var difference = Differ(GoldenFolder.Read("blind")["release"], (context, input) => new AlteredContext(context)
        {
            BeforeActivity = name =>
            {
                if (name != ReleaseActivities.Load.Value || asked) return;
                asked = true;
                _ = context.RunActivity(ReleaseActivities.Commands, new CommandsInput(input.Release, 0));
            },
        });

        Assert.Equal(
            "At history event 1 (step 0) history has activity release.load.v1, but the code asked for activity ledger.commands.v1.", difference.ToString());
    }

    [Fact]
    public void A_workflow_that_decides_otherwise_fails_at_the_step_where_it_does()
    {
        var history = GoldenFolder.Read("breach-at-first-stage").Single(pair => pair.Key != "release" && EndedWith(pair.Value, WatchEnding.Breached)).Value;
        var difference = ReplayVerifier.Replay(ReleaseModule.RegisterWorkflows(new WorkflowRegistry(), new LenientJudge()), history).Difference;

        Assert.NotNull(difference);
        Assert.StartsWith("At history event ", difference.ToString(), StringComparison.Ordinal);
        Assert.Contains("history has activity ledger.append.v1 with", difference.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"verdict\":\"fail\"", difference.Recorded, StringComparison.Ordinal);
        Assert.Contains("\"verdict\":\"pass\"", difference.Asked, StringComparison.Ordinal);
    }

    [Fact]
    public void A_watch_that_sleeps_a_second_longer_fails_at_its_first_timer()
    {
        var history = GoldenFolder.Read("completed")["watch-1"];
        var timer = history.First(line => line.Kind == HistoryEventKind.TimerScheduled);
        var registry = new WorkflowRegistry().Add(
            ReleaseActivities.Watch,
            () => new AlteredWorkflow<WatchInput, WatchOutput>(
                new WatchWorkflow(new EvidenceJudge()), (context, _) => new AlteredContext(context) { Due = due => due.AddSeconds(1) }));

        var difference = ReplayVerifier.Replay(registry, history).Difference;

        Assert.Equal(
            $"At history event {timer.Sequence} (step {timer.Step}) history has a timer due {timer.Due:O}, but the code asked for a timer due {timer.Due?.AddSeconds(1):O}.",
            difference?.ToString());
    }

    [Fact]
    public void A_workflow_that_is_no_longer_registered_is_named()
    {
        var difference = ReplayVerifier.Replay(new WorkflowRegistry(), GoldenFolder.Read("completed")["release"]).Difference;

        Assert.Contains("the start of release.v1", difference?.ToString(), StringComparison.Ordinal);
    }

    private static ReplayDifference Differ(IReadOnlyList<HistoryEvent> history, Func<IWorkflowContext, ReleaseInput, IWorkflowContext> alter)
    {
        var registry = new WorkflowRegistry().Add(ReleaseActivities.Release, () => new AlteredWorkflow<ReleaseInput, ReleaseOutput>(new ReleaseWorkflow(), alter));
        var difference = ReplayVerifier.Replay(registry, history).Difference;
        Assert.NotNull(difference);
        return difference;
    }

    private static ReleasePhase Ending(HistoryEvent last) => WorkflowRegistry.FromJson<ReleaseOutput>(last.Data!.Value).Phase;

    private static bool EndedWith(IReadOnlyList<HistoryEvent> history, WatchEnding ending) =>
        history[^1].Kind == HistoryEventKind.Completed && WorkflowRegistry.FromJson<WatchOutput>(history[^1].Data!.Value).Ending == ending;

    /// <summary>A judge to whom nothing is bad.</summary>
    private sealed class LenientJudge : IReleaseJudge
    {
        private readonly EvidenceJudge _inner = new();

        public Judgement Judge(ReleasePlan plan, JudgeState? before, StageUnderJudgement stage, IReadOnlyList<Observation> closed, DateTimeOffset judgedUntil, DateTimeOffset? lateUntil = null)
        {
            var judgement = _inner.Judge(plan, before, stage, closed, judgedUntil, lateUntil);
            return judgement.Assessment.Verdict != Verdict.Fail ? judgement : judgement with { Assessment = judgement.Assessment with { Verdict = Verdict.Pass } };
        }
    }
}
