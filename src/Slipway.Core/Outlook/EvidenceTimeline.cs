using System.Collections.Immutable;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;

namespace Slipway.Core.Outlook;

/// <summary>
/// What both arms did over the life of a release, for charts: the judged intervals pooled over regions into at most
/// <see cref="MostSlots"/> slots of one length, which doubles whenever they would be more. So a release of a month takes no more memory and
/// no larger page than one of an hour. A fold of the ledger like the state; pure.
/// </summary>
public sealed record EvidenceTimeline
{
    /// <summary>The most slots that are kept.</summary>
    public const int MostSlots = 120;

    /// <summary>Nothing judged yet.</summary>
    public static EvidenceTimeline Empty { get; } = new();

    /// <summary>The environment that is shown, 0 first: the newest one. Where a release goes on to the next, the timeline begins anew.</summary>
    public int Environment { get; private init; }

    /// <summary>The slots, oldest first; slots without a judged interval are left out.</summary>
    public ImmutableList<EvidenceSlot> Slots { get; private init; } = [];

    /// <summary>The length of a slot; zero before the first interval.</summary>
    public TimeSpan Length { get; private init; }

    /// <summary>Events that the chart marks: stages, and the decision to go back.</summary>
    public ImmutableList<EvidenceMark> Marks { get; private init; } = [];

    /// <summary>The newest state of each test, by metric: what the ratio to the control arm is known to be.</summary>
    public ImmutableSortedDictionary<string, TestReading> Readings { get; private init; } =
        ImmutableSortedDictionary.Create<string, TestReading>(StringComparer.Ordinal);

    /// <summary>What a ledger says.</summary>
    public static EvidenceTimeline Fold(IEnumerable<LedgerEntry> entries) => entries.Aggregate(Empty, (timeline, entry) => timeline.Apply(entry));

    /// <summary>Adds one entry; entries that say nothing about evidence change nothing.</summary>
    public EvidenceTimeline Apply(LedgerEntry entry) => entry.Type switch
    {
        "interval.judged.v1" when entry.Read() is IntervalJudged judged => Add(judged),
        "stage.started.v1" when entry.Read() is StageStarted started => this with
        {
            Marks = Marks.Add(new EvidenceMark(entry.At, EvidenceMarkKind.Stage, started.Percentage.ToString(), started.Stage)),
            Readings = Readings.Clear(),
        },
        "rollback.begun.v1" when entry.Read() is RollbackBegun begun => this with
        {
            Marks = Marks.Add(new EvidenceMark(entry.At, EvidenceMarkKind.Rollback, begun.Reason, -1)),
        },
        _ => this,
    };

    private EvidenceTimeline Add(IntervalJudged judged)
    {
        if (judged.Environment < Environment) return this;
        var here = judged.Environment > Environment ? Empty with { Environment = judged.Environment } : this;
        var next = judged.Observations.Aggregate(here, (timeline, observation) => timeline.Add(observation));
        return judged.Assessment.Readings
            .Where(reading => reading.Region == "all" && reading.Kind != TestKind.Limit)
            .Aggregate(next, (timeline, reading) => timeline with { Readings = timeline.Readings.SetItem(reading.Metric, reading) });
    }

    private EvidenceTimeline Add(Observation observation)
    {
        if (observation.Length <= TimeSpan.Zero) return this;
        var timeline = Length == TimeSpan.Zero ? this with { Length = observation.Length } : this;
        var slots = Put(timeline.Slots, observation, timeline.Length);
        while (slots.Count > MostSlots)
        {
            timeline = timeline with { Length = timeline.Length * 2 };
            slots = slots.Aggregate(ImmutableList<EvidenceSlot>.Empty, (merged, slot) => Merge(merged, slot with { Start = SlotStart(slot.Start, timeline.Length) }));
        }

        return timeline with { Slots = slots };
    }

    // The newest slot is nearly always the one; a late region looks a little further back.
    private static ImmutableList<EvidenceSlot> Put(ImmutableList<EvidenceSlot> slots, Observation observation, TimeSpan length)
    {
        var start = SlotStart(observation.Start, length);
        var index = slots.FindLastIndex(slot => slot.Start <= start);
        var fresh = new EvidenceSlot(start, ArmTotals.Empty.Add(observation.Canary), ArmTotals.Empty.Add(observation.Control));
        if (index >= 0 && slots[index].Start == start)
        {
            var known = slots[index];
            return slots.SetItem(index, known with { Canary = known.Canary.Add(observation.Canary), Control = known.Control.Add(observation.Control) });
        }

        return slots.Insert(index + 1, fresh);
    }

    private static ImmutableList<EvidenceSlot> Merge(ImmutableList<EvidenceSlot> merged, EvidenceSlot slot) =>
        merged.Count > 0 && merged[^1].Start == slot.Start
            ? merged.SetItem(merged.Count - 1, merged[^1] with { Canary = merged[^1].Canary.Add(slot.Canary), Control = merged[^1].Control.Add(slot.Control) })
            : merged.Add(slot);

    private static DateTimeOffset SlotStart(DateTimeOffset at, TimeSpan length) => new(at.UtcTicks - (at.UtcTicks % length.Ticks), TimeSpan.Zero);
}

/// <summary>Both arms in one slot.</summary>
/// <param name="Start">Its start, inclusive.</param>
/// <param name="Canary">Users with the new version.</param>
/// <param name="Control">Users with the old version.</param>
public sealed record EvidenceSlot(DateTimeOffset Start, ArmTotals Canary, ArmTotals Control);

/// <summary>Something that happened.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Text">The stage's share, or why the release goes back.</param>
/// <param name="Stage">The stage, 0 first; -1 for the rollback.</param>
public sealed record EvidenceMark(DateTimeOffset At, EvidenceMarkKind Kind, string Text, int Stage);

/// <summary>What is marked.</summary>
public enum EvidenceMarkKind
{
    /// <summary>A stage's exposure was read back.</summary>
    Stage,

    /// <summary>The decision to go back.</summary>
    Rollback,
}
