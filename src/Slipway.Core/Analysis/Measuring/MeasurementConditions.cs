using System.Globalization;
using Slipway.Core.Analysis.Bands;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Checks;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Analysis.Measuring;

/// <summary>What the measurements of a stage ask for before it is promoted: to be seen, to be within their limits, and no worse than in the
/// stage before; of a counter, as many events as the exposed share lets expect. Pure.</summary>
internal static class MeasurementConditions
{
    /// <summary>Every condition of a stage, met or not.</summary>
    public static IEnumerable<StageProof> Of(ReleasePlan plan, JudgeState state, StageUnderJudgement stage) =>
        plan.Evidence.Measurements.Where(measurement => MeasurementWatch.Counts(measurement, stage)).Select(measurement => Of(plan, state, stage, measurement) with { Check = CheckNames.Measurement(measurement.Name) });

    private static StageProof Of(ReleasePlan plan, JudgeState state, StageUnderJudgement stage, MeasurementSpec measurement)
    {
        if (!state.Measurements.TryGetValue(measurement.Name, out var memory) || memory.SeenUntil is not { } seen || !state.Totals.Measurements.TryGetValue(measurement.Name, out var total))
            return No($"no value at {stage.Percentage}; unseen is not zero", "a value");
        if (state.JudgedUntil - seen >= plan.Watch.Interval * Sight.BlindIntervals)
            return No($"no value since {EvidenceText.Clock(seen)}; unseen is not zero", "a newer value");
        return measurement.IsCounter ? Events(state, stage, memory, total) : Gauge(plan, state, stage, memory, total);

        StageProof No(string sentence, string missing) => new(measurement.Name, false, $"{measurement.Name}: {sentence}", [$"{measurement.Name}: {missing}"]);

        StageProof Yes(string sentence) => new(measurement.Name, true, $"{measurement.Name}: {sentence}", []);

        StageProof Events(JudgeState of, StageUnderJudgement at, MeasurementMemory known, MeasurementSample sum)
        {
            if (known.LimitSince is { } over) return No($"{known.Parts.Sum(part => part.Sum):0.##} within an hour since {EvidenceText.Clock(over)}, fewer than {measurement.LimitPerHour:0.##} are allowed", "fewer events");
            var hours = of.Totals.Seen.TotalHours;
            var perHour = hours > 0 ? sum.Sum / hours : 0;
            if (measurement.ExpectedPerHour is not { } full || at.Percentage == Percentage.Zero) return Yes(Number($"{perHour:0.##} an hour"));
            var expected = (double)full * at.Percentage.Fraction;
            var values = Number($"{perHour:0.##} an hour, expected {expected:0.##} ({full:0.##} at {at.Percentage}) ± {measurement.Tolerance}");
            return Math.Abs(perHour - expected) <= expected * measurement.Tolerance.Fraction ? Yes(values) : No(values, Number($"about {expected:0.##} an hour"));
        }

        StageProof Gauge(ReleasePlan by, JudgeState of, StageUnderJudgement at, MeasurementMemory known, MeasurementSample sum)
        {
            var now = MeasurementText.Value(measurement, known.Last);
            if (known.LimitSince is not null) return No($"{now}, limit {MeasurementText.Value(measurement, (double)measurement.Limit!.Value)}", "within its limit");
            if (known.WarningSince is not null) return No($"{now}, warning {MeasurementText.Value(measurement, (double)measurement.Warning!.Value)}", "within its warning");
            var steep = "";
            if (measurement.MaxSlope is { } most)
            {
                if (MeasurementWatch.Slope(measurement, known.Parts, of.JudgedUntil) is not { } slope)
                {
                    var left = measurement.SlopeOver - MeasurementWatch.Span(known.Parts, of.JudgedUntil);
                    return No($"{now}; its slope is measured over {DurationText.Format(measurement.SlopeOver)}", $"{DurationText.Format(left)} more of values");
                }

                steep = $", {MeasurementText.Value(measurement, slope.PerHour)} an hour, tolerated {MeasurementText.Value(measurement, (double)most)}";
                if (MeasurementWatch.Worsening(measurement, slope) > (double)most) return No($"{now}{steep}", "no such slope");
            }

            if (by.Evidence.StageToStage is { } tolerated && BandWatch.Before(by, of, at)?.Measurements.GetValueOrDefault(measurement.Name) is { } before)
            {
                var values = $"{MeasurementText.Value(measurement, sum.Mean)} on average, {MeasurementText.Value(measurement, before.Mean)} in the stage before, tolerated {EvidenceText.Times(tolerated)} times";
                var worse = measurement.Direction == KpiDirection.LowerIsBetter ? sum.Mean > before.Mean * tolerated : sum.Mean * tolerated < before.Mean;
                return worse ? No(values, "no degradation against the stage before") : Yes($"{values}{steep}");
            }

            return Yes($"{now}{steep}");
        }
    }

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
