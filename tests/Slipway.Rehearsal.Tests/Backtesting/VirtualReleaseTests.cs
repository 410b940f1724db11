using Slipway.Core.Ledgers;
using Slipway.Rehearsal.Backtesting.Recordings;
using Slipway.Rehearsal.Backtesting.Running;
using Slipway.Rehearsal.Scenarios;
using Slipway.Rehearsal.Tests.World;
using Slipway.Rehearsal.World;

namespace Slipway.Rehearsal.Tests.Backtesting;

/// <summary>A virtual release against the real workflow: rehearsed releases, whose ledgers are the recordings.</summary>
public sealed class VirtualReleaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-virtual").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("error-x3")]
    [InlineData("error-x10@2")]
    [InlineData("latency-x2@2")]
    [InlineData("crash-loop")]
    public async Task It_is_rolled_back_by_the_same_interval_for_the_same_reason_as_the_workflow_was(string scenario)
    {
        var (subject, entries) = await RehearseAsync(scenario);
        var breach = entries.Select(entry => entry.Read()).OfType<IntervalJudged>().First(judged => judged.Assessment.Verdict == Core.Analysis.Verdict.Fail);

        var release = Replay(subject, entries);

        Assert.Equal(VirtualOutcome.RolledBack, release.Ending!.Outcome);
        Assert.Equal((breach.JudgedUntil, breach.Assessment.Sentence), (release.Ending.At - subject.Plan.Watch.IngestionDelay, release.Ending.Why));
        Assert.Equal(breach.Stage, subject.Stages[release.Ending.Position].Index);
    }

    [Fact]
    public async Task A_healthy_one_is_promoted_by_the_same_intervals_as_the_workflow_did()
    {
        var (subject, entries) = await RehearseAsync("healthy");
        var judged = entries.Select(entry => entry.Read()).OfType<IntervalJudged>().Where(one => one.Under is not null).ToList();

        var release = Replay(subject, entries);

        Assert.Equal(VirtualOutcome.Completed, release.Ending!.Outcome);
        for (var stage = 1; stage < subject.Stages.Count; stage++)
            Assert.Equal(judged.First(one => one.Stage == stage).Under!.EvidenceFrom, release.EvidenceFrom[stage], TimeSpan.FromSeconds(10));
    }

    private static async Task<(BacktestSubject Subject, IReadOnlyList<LedgerEntry> Entries)> RehearseAsync(string scenario)
    {
        var rehearsed = Subjects.Of(Subjects.Canary());
        var chosen = ScenarioLibrary.Find(scenario)!;
        await using var world = new RehearsalWorld(rehearsed, chosen.Scenario.Script(rehearsed, Rehearsal.Running.Rehearsals.StageOf(rehearsed, chosen)), 7);
        Assert.Null(await world.RunAsync(TestContext.Current.CancellationToken));
        return (BacktestSubject.Of(Subjects.Canary()).Subject!, [.. world.Entries]);
    }

    /// <summary>From the moment at which the workflow shifted its first stage.</summary>
    private VirtualRelease Replay(BacktestSubject subject, IReadOnlyList<LedgerEntry> entries)
    {
        var path = Path.Combine(_folder, "ledger.jsonl");
        File.WriteAllText(path, LedgerLines.WriteAll(entries));
        var recording = Recording.Open(path, "ledger.jsonl", subject.Plan.Watch.Interval);
        Assert.Equal("ledger", recording.Survey.Format);
        var first = entries.Select(entry => entry.Read()).OfType<IntervalJudged>().First(judged => judged.Stage == 0);
        var release = new VirtualRelease(subject, [first.Under!.EvidenceFrom - subject.Plan.Watch.Propagation], 0, sharesAsPlanned: true);
        foreach (var (start, rows) in recording.Intervals())
        {
            if (start + subject.Plan.Watch.Interval <= release.BeganAt - subject.Plan.Watch.Interval) continue;
            release.Take(start,
            [
                .. rows.GroupBy(row => row.Region).Select(region => new Core.Analysis.Observation(
                    start, subject.Plan.Watch.Interval, region.Key, region.FirstOrDefault(row => row.Arm == RecordedArm.Canary).Sample, region.FirstOrDefault(row => row.Arm == RecordedArm.Control).Sample)),
            ]);
        }

        return release;
    }
}
