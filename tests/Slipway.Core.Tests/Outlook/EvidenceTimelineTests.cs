using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Outlook;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Outlook;

public sealed class EvidenceTimelineTests
{
    private static readonly DateTimeOffset Start = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_is_lost_when_slots_are_merged()
    {
        var timeline = EvidenceTimeline.Fold(Judged(Enumerable.Range(0, 1000).Select(minute => Observation(minute, "global"))));

        Assert.InRange(timeline.Slots.Count, EvidenceTimeline.MostSlots / 2, EvidenceTimeline.MostSlots);
        Assert.Equal(10_000, timeline.Slots.Sum(slot => slot.Canary.Requests));
        Assert.Equal(1_000, timeline.Slots.Sum(slot => slot.Canary.Errors));
        Assert.Equal(TimeSpan.FromMinutes(16), timeline.Length);
        Assert.Equal(timeline.Slots.OrderBy(slot => slot.Start), timeline.Slots);
    }

    [Fact]
    public void Regions_of_one_interval_are_one_slot()
    {
        var timeline = EvidenceTimeline.Fold(Judged([Observation(0, "west"), Observation(0, "north"), Observation(1, "west")]));

        Assert.Equal([20L, 10L], timeline.Slots.Select(slot => slot.Canary.Requests));
    }

    [Fact]
    public void Another_environment_begins_anew_and_an_earlier_one_speaks_no_more()
    {
        var timeline = EvidenceTimeline.Fold(Judged(
            [Observation(0, "global"), Observation(1, "global"), Observation(2, "global")], [0, 1, 0]));

        Assert.Equal(1, timeline.Environment);
        Assert.Equal(Start.AddMinutes(1), Assert.Single(timeline.Slots).Start);
    }

    [Fact]
    public void Stages_and_the_decision_to_go_back_are_marked()
    {
        var timeline = EvidenceTimeline.Fold(SampleLedgers.All["rolled_back"]);

        Assert.Contains(timeline.Marks, mark => mark.Kind == EvidenceMarkKind.Stage && mark.Text == "5 %");
        Assert.Single(timeline.Marks, mark => mark.Kind == EvidenceMarkKind.Rollback);
    }

    private static IReadOnlyList<LedgerEntry> Judged(IEnumerable<Observation> observations, int[]? environments = null)
    {
        var script = new LedgerScript(Start);
        var assessment = new Assessment { Verdict = Verdict.Undecided, Sentence = "not enough yet" };
        var index = 0;
        foreach (var observation in observations)
            script.Add(new IntervalJudged(0, observation.End, [observation], assessment, environments?[index++] ?? 0));
        return script.Entries;
    }

    private static Observation Observation(int minute, string region) =>
        new(Start.AddMinutes(minute), TimeSpan.FromMinutes(1), region, new ArmSample { Requests = 10, Errors = 1 }, new ArmSample { Requests = 90 });
}
