using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Core.Analysis.Measuring;

/// <summary>
/// Brings closed intervals to the measurements of a plan. What is judged is the canary's own value where its rows carry one, otherwise that of
/// the rows that do: a shared resource belongs to no arm. What holds or rolls back has to be beyond its limit in two intervals in a row, since
/// one wild minute decides nothing; events of an hour are counted, and act at once. Pure: memories are replaced, never changed.
/// </summary>
internal static class MeasurementWatch
{
    private const int Segments = 60;
    private const double CrossingDeviations = 3.719016485455709;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Whether a measurement counts in a stage.</summary>
    public static bool Counts(MeasurementSpec measurement, StageUnderJudgement stage) =>
        stage.Index >= 0 && (measurement.Stages.Count == 0 || measurement.Stages.Contains(stage.Percentage));

    /// <summary>What was measured in one interval of all regions; null: nothing.</summary>
    public static MeasurementSample? SampleOf(ReleasePlan plan, MeasurementSpec measurement, Observation pool)
    {
        if (measurement.Kind == MeasurementKind.Capacity && plan.Evidence.CapacityRps is > 0 and var capacity)
        {
            var requests = (pool.Canary?.Requests ?? 0) + (pool.Control?.Requests ?? 0);
            return requests == 0 ? null : new MeasurementSample(1, 100 * requests / pool.Length.TotalSeconds / capacity);
        }

        return pool.Canary?.Measurements.GetValueOrDefault(measurement.Name) ?? pool.Control?.Measurements.GetValueOrDefault(measurement.Name);
    }

    /// <summary>The state with one interval more.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="state">The state, already in the stage.</param>
    /// <param name="stage">The stage under judgement.</param>
    /// <param name="pool">The interval, all regions together.</param>
    public static JudgeState Take(ReleasePlan plan, JudgeState state, StageUnderJudgement stage, Observation pool)
    {
        if (plan.Evidence.Measurements.Count == 0 || stage.Index < 0) return state;
        var memories = new SortedDictionary<string, MeasurementMemory>(state.Measurements.ToDictionary(), StringComparer.Ordinal);
        var totals = new SortedDictionary<string, MeasurementSample>(state.Totals.Measurements.ToDictionary(), StringComparer.Ordinal);
        foreach (var measurement in plan.Evidence.Measurements.Where(measurement => Counts(measurement, stage)))
        {
            if (SampleOf(plan, measurement, pool) is not { Count: > 0 } sample || !double.IsFinite(sample.Sum)) continue;
            memories[measurement.Name] = Take(measurement, memories.GetValueOrDefault(measurement.Name) ?? new MeasurementMemory(), sample, pool);
            if (pool.Start >= stage.EvidenceFrom) totals[measurement.Name] = totals.TryGetValue(measurement.Name, out var sum) ? sum.Add(sample) : sample;
        }

        return state with { Measurements = memories, Totals = state.Totals with { Measurements = totals } };
    }

    private static MeasurementMemory Take(MeasurementSpec measurement, MeasurementMemory memory, MeasurementSample sample, Observation pool)
    {
        var end = pool.End;
        var parts = measurement.MaxSlope is null && measurement.LimitPerHour is null ? [] : Add(memory.Parts, sample, pool, measurement.IsCounter ? Hour : measurement.SlopeOver);
        var value = measurement.IsCounter ? sample.Sum : sample.Mean;
        var beyond = measurement.LimitPerHour is { } most ? parts.Sum(part => part.Sum) >= (double)most : IsBeyond(measurement, value, measurement.Limit);
        return new MeasurementMemory
        {
            SeenUntil = end,
            Last = value,
            Parts = parts,
            WarningSince = IsBeyond(measurement, value, measurement.Warning) ? memory.WarningSince ?? end : null,
            LimitSince = beyond ? memory.LimitSince ?? end : null,
            LimitIntervals = beyond ? memory.LimitIntervals + 1 : 0,
            SlopeSince = Slope(measurement, parts, end) is { } slope && Worsening(measurement, slope) > (double)measurement.MaxSlope!.Value + (CrossingDeviations * slope.Error) ? memory.SlopeSince ?? end : null,
        };
    }

    /// <summary>Whether a value is on the worse side of a threshold; at it is not.</summary>
    public static bool IsBeyond(MeasurementSpec measurement, double value, decimal? threshold) =>
        threshold is { } limit && (measurement.Direction == KpiDirection.LowerIsBetter ? value > (double)limit : value < (double)limit);

    /// <summary>The line through the values; null until they span the time that it is measured over.</summary>
    public static SlopeFit? Slope(MeasurementSpec measurement, IReadOnlyList<MeasuredPart> parts, DateTimeOffset until) =>
        measurement.MaxSlope is null || Span(parts, until) < measurement.SlopeOver ? null : SlopeFit.Of(parts);

    /// <summary>How long the values span.</summary>
    public static TimeSpan Span(IReadOnlyList<MeasuredPart> parts, DateTimeOffset until) => parts.Count == 0 ? TimeSpan.Zero : until - parts[0].Start;

    /// <summary>The slope towards the worse side.</summary>
    public static double Worsening(MeasurementSpec measurement, SlopeFit slope) =>
        measurement.Direction == KpiDirection.LowerIsBetter ? slope.PerHour : -slope.PerHour;

    /// <summary>What is beyond a warning, a limit or the tolerated slope now, in this stage.</summary>
    public static IEnumerable<Finding> Findings(ReleasePlan plan, JudgeState state, StageUnderJudgement stage)
    {
        foreach (var measurement in plan.Evidence.Measurements.Where(measurement => Counts(measurement, stage)))
        {
            // What is not reported any more is not beyond anything; a promotion asks for it.
            if (!state.Measurements.TryGetValue(measurement.Name, out var memory) || memory.SeenUntil != state.JudgedUntil) continue;
            var grave = measurement.Action != TriggerAction.Alert;
            if (memory.LimitSince is { } limit && (!grave || measurement.IsCounter || memory.LimitIntervals >= 2))
                yield return MeasurementText.Limit(measurement, memory, limit);
            if (memory.SlopeSince is { } steep && Slope(measurement, memory.Parts, state.JudgedUntil) is { } slope)
                yield return MeasurementText.Slope(measurement, memory, slope, steep);
            if (memory.WarningSince is { } warning) yield return MeasurementText.Warning(measurement, memory, warning);
        }
    }

    /// <summary>The values with one more; those that ended longer ago than the time are left out.</summary>
    private static List<MeasuredPart> Add(IReadOnlyList<MeasuredPart> parts, MeasurementSample sample, Observation pool, TimeSpan over)
    {
        var segment = over / Segments;
        List<MeasuredPart> kept = [.. parts.Where(part => part.Until > pool.End - over)];
        if (kept.Count > 0 && pool.End - kept[^1].Start <= segment)
            kept[^1] = kept[^1] with { Until = pool.End, Count = kept[^1].Count + sample.Count, Sum = kept[^1].Sum + sample.Sum };
        else
            kept.Add(new MeasuredPart(pool.Start, pool.End, sample.Count, sample.Sum));
        return kept;
    }
}
