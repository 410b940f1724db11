using Slipway.Core.Releases;

namespace Slipway.Core.Requests.Reading;

/// <summary>Reads <c>guardrails</c>.</summary>
internal static class GuardrailSection
{
    private static readonly GuardrailSpec Defaults = new();

    public static GuardrailSpec Read(SectionReader section)
    {
        var kpis = section.Sections("kpis", Kpi, kpi => kpi.Name);
        var availability = section.Section("availability", Availability);
        var guardrails = new GuardrailSpec
        {
            ErrorRate = section.Section("error_rate", part => Limit(part, PercentAboveZero, Percent, "%")),
            LatencyP95 = section.Section("latency_p95", Latency),
            Availability = availability?.Value,
            AvailabilityBand = availability?.Band,
            Kpis = kpis,
            Measurements = section.Sections("measurements", MeasurementSection.Read, measurement => measurement.Name),
            QuietFor = section.Maybe("quiet_for", Scalars.Duration(TimeSpan.Zero)),
            StageToStage = section.Maybe("stage_to_stage", Scalars.Number(1)),
            Triggers = section.Sections("triggers", part => Trigger(part, kpis)),
            WhenUndecided = section.Maybe("when_undecided", Scalars.Word<UndecidedAction>()),
            FalseRollbackBudget = section.Get("false_rollback_budget", Scalars.ShareAboveZero, Defaults.FalseRollbackBudget),
        };
        return section.Section("when_blind", part => guardrails with
        {
            BlindHold = part.Get("hold", Scalars.Duration(TimeSpan.Zero), Defaults.BlindHold),
            BlindThen = part.Get("then", Scalars.Word<BlindAction>(), Defaults.BlindThen),
        }) ?? guardrails;
    }

    private static ScalarKind<decimal> PercentAboveZero { get; } = new(Scalars.ShareAboveZero.Expected, scalar =>
        Scalars.ShareAboveZero.Read(scalar) is { Ok: true, Value: var share } ? Parsed<decimal>.Good(share.Value) : Parsed<decimal>.Bad());

    private static ScalarKind<decimal> Percent { get; } = new(Scalars.Share.Expected, scalar =>
        Scalars.Share.Read(scalar) is { Ok: true, Value: var share } ? Parsed<decimal>.Good(share.Value) : Parsed<decimal>.Bad());

    private static LimitSpec Limit(SectionReader section, ScalarKind<decimal> kind, ScalarKind<decimal> baseline, string unit)
    {
        var limit = new LimitSpec(section.Need("limit", kind, 1), section.Get("tolerated_ratio", Scalars.Number(1), LimitSpec.DefaultRatio));
        return limit with { Band = BandReader.Read(section, kind, baseline, "limit", limit.Limit, higherIsWorse: true, unit) };
    }

    private static LimitSpec Latency(SectionReader section) =>
        Limit(section, Scalars.Latency, Scalars.Latency, "ms") with { WithinBaseline = section.Maybe("within_baseline", Scalars.Share) };

    private static Objective Availability(SectionReader section)
    {
        var objective = section.Need("objective", Scalars.ShareAboveZero, Percentage.Full);
        return new(objective, BandReader.Read(section, PercentAboveZero, PercentAboveZero, "objective", objective.Value, higherIsWorse: false, "%"));
    }

    private static KpiSpec Kpi(SectionReader section) => new(
        section.Need("name", Scalars.Name, ""),
        section.Need("direction", Scalars.Word<KpiDirection>(), KpiDirection.HigherIsBetter),
        section.Need("tolerated_drop", Scalars.Share, Percentage.Zero));

    private static TriggerSpec Trigger(SectionReader section, IReadOnlyList<KpiSpec> kpis)
    {
        var names = MetricNames.All.Concat(kpis.Select(kpi => kpi.Name)).ToList();
        var metric = section.Need("metric", Scalars.OneOf(names) with { Expected = $"one of {string.Join(", ", names)}" }, MetricNames.ErrorRate);
        var threshold = metric switch
        {
            _ when MetricNames.IsShare(metric) => Percent,
            _ when MetricNames.IsLatency(metric) => Scalars.Latency,
            _ => Scalars.AnyNumber,
        };
        var trigger = new TriggerSpec
        {
            Metric = metric,
            Above = section.Maybe("above", threshold),
            Below = section.Maybe("below", threshold),
            Window = section.Get("window", Scalars.Duration(TimeSpan.FromTicks(1)), new TriggerSpec { Metric = metric }.Window),
            For = section.Get("for", Scalars.Duration(TimeSpan.Zero), TimeSpan.Zero),
            Action = section.Get("action", Scalars.Word<TriggerAction>(), TriggerAction.AutoRollback),
        };
        switch (section.Has("above"), section.Has("below"))
        {
            case (true, true):
                section.Report("below", "both above and below", "exactly one of above and below");
                break;
            case (false, false):
                section.Report("above", "neither above nor below", "exactly one of above and below");
                break;
        }

        return trigger;
    }

    private sealed record Objective(Percentage Value, MetricBand? Band);
}
