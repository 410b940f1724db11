using System.Globalization;
using System.Text.Json.Serialization;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>What the evidence is judged by: tolerances, limits, the share of false rollbacks that is accepted, and what follows when it does
/// not suffice. Recorded with the plan, so that every verdict can be computed again.</summary>
public sealed record EvidencePlan
{
    /// <summary>The part of the budget that the sequential tests share; the rest is for crossed triggers.</summary>
    private const double ForTests = 0.8;

    private static readonly TimeSpan UsualQuiet = TimeSpan.FromHours(2);

    /// <summary>Share of healthy releases that may be rolled back, above 0 and below 1.</summary>
    public double FalseRollbackBudget { get; init; } = 0.01;

    /// <summary>How many times the control arm's error rate is tolerated, 1 or more.</summary>
    public double ErrorTolerance { get; init; } = 1.25;

    /// <summary>How many times the control arm's latency is tolerated, 1 or more.</summary>
    public double LatencyTolerance { get; init; } = 1.25;

    /// <summary>Failed among requests that are just allowed, above 0 and below 1.</summary>
    public double ErrorLimit { get; init; } = 0.005;

    /// <summary>The 95th percentile in milliseconds that is just allowed; above 0.</summary>
    public double LatencyLimit { get; init; } = 500;

    /// <summary>The business metrics with their tolerated worsening.</summary>
    public IReadOnlyList<KpiSpec> Kpis { get; init; } = [];

    /// <summary>What is asked of the guardrails' metrics beside their limits.</summary>
    public IReadOnlyList<PlannedBand> Bands { get; init; } = [];

    /// <summary>What else is measured.</summary>
    public IReadOnlyList<MeasurementSpec> Measurements { get; init; } = [];

    /// <summary>For how long before a promotion nothing may have warned or been critical; a shorter bake asks for no more than itself. Null: it
    /// does not matter.</summary>
    public TimeSpan? QuietFor { get; init; }

    /// <summary>How many times the values of the stage before are tolerated; null: they are not compared.</summary>
    public double? StageToStage { get; init; }

    /// <summary>Requests a second that the system can take; null: not stated.</summary>
    public double? CapacityRps { get; init; }

    /// <summary>How many tests can roll this release back, 1 or more.</summary>
    public int Tests { get; init; } = 4;

    /// <summary>How many intervals all stages below 100 % have at their longest bakes, 1 or more.</summary>
    public int PlannedIntervals { get; init; } = 1;

    /// <summary>How many intervals the stages without a control arm have at their longest bakes, 1 or more.</summary>
    public int LimitIntervals { get; init; } = 1;

    /// <summary>What happens when the evidence still does not suffice at the longest bake.</summary>
    public UndecidedAction WhenUndecided { get; init; }

    /// <summary>Requests a second of everybody that the request expects; null: not stated.</summary>
    public double? ExpectedRps { get; init; }

    /// <summary>Failed among requests of the present version that the request expects; null: not stated.</summary>
    public double? ExpectedErrorRate { get; init; }

    /// <summary>The share of healthy releases that one test may roll back: 0.8 times the budget over the number of tests.</summary>
    [JsonIgnore]
    public double Alpha => ForTests * FalseRollbackBudget / Tests;

    /// <summary>Of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="risk">The risk that counts.</param>
    /// <param name="stages">The planned stages.</param>
    /// <param name="environments">The planned environments.</param>
    /// <param name="triggers">The planned triggers, for the limits that follow from the guardrails.</param>
    internal static EvidencePlan Of(
        ReleaseRequest request, RiskLevel risk, IReadOnlyList<PlannedStage> stages, IReadOnlyList<PlannedEnvironment> environments, IReadOnlyList<PlannedTrigger> triggers)
    {
        var interval = environments[^1].Watch.Interval;
        var rated = request.Guardrails;
        return Limits(triggers) with
        {
            FalseRollbackBudget = Math.Clamp((double)rated.FalseRollbackBudget.Fraction, 1e-9, 0.5),
            ErrorTolerance = (double)(rated.ErrorRate?.ToleratedRatio ?? LimitSpec.DefaultRatio),
            LatencyTolerance = (double)(rated.LatencyP95?.ToleratedRatio ?? LimitSpec.DefaultRatio),
            Kpis = rated.Kpis,
            Bands = PlannedBand.Of(rated),
            Measurements = rated.Measurements,
            QuietFor = rated.QuietFor ?? (triggers.Any(trigger => trigger.OnlyExposed) || rated.Measurements.Any(measurement => measurement.Warning is not null) ? UsualQuiet : null),
            StageToStage = (double?)rated.StageToStage,
            CapacityRps = (double?)request.Operations.CapacityRps,
            Tests = environments.Sum(environment => (4 * (environment.Regions.Count > 1 ? environment.Regions.Count + 1 : 1)) + rated.Kpis.Count),
            PlannedIntervals = Intervals(stages, interval, stage => stage.Percentage < Percentage.Full),
            LimitIntervals = Intervals(stages, interval, stage => stage.Percentage == Percentage.Full || stage.Percentage == Percentage.Zero),
            WhenUndecided = rated.WhenUndecided ?? (risk == RiskLevel.Low ? UndecidedAction.Promote : UndecidedAction.Ask),
            ExpectedRps = (double?)request.Operations.TrafficRps,
            ExpectedErrorRate = request.Operations.BaseErrorRate is { } rate ? (double)rate.Fraction : null,
        };
    }

    /// <summary>What the plan says about it.</summary>
    internal IEnumerable<string> Notes(RolloutStrategy strategy)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Evidence: {Tests} tests share a false-rollback budget of {100 * FalseRollbackBudget:0.##} %, so that evidence of {1 / Alpha:0} rolls back; tolerated are {ErrorTolerance:0.##} times the control's errors and {LatencyTolerance:0.##} times its latency; when it does not suffice at the longest bake, {(WhenUndecided == UndecidedAction.Promote ? "the release goes on with a warning" : "a person is asked")}.");
        if (strategy == RolloutStrategy.Rolling)
            yield return "Evidence: regions change one after the other and are not alike, so that there is no control arm; the absolute limits alone are judged.";
    }

    /// <summary>Of a plan that was made without one: its triggers' limits, and the defaults.</summary>
    internal static EvidencePlan Of(ReleasePlan plan) => Limits(plan.Triggers) with
    {
        Tests = 4 * (plan.Regions.Count > 1 ? plan.Regions.Count + 1 : 1),
        PlannedIntervals = Intervals(plan.Stages, plan.Watch.Interval, stage => stage.Percentage < Percentage.Full),
        LimitIntervals = Intervals(plan.Stages, plan.Watch.Interval, stage => stage.Percentage == Percentage.Full || stage.Percentage == Percentage.Zero),
        WhenUndecided = plan.Risk == RiskLevel.Low ? UndecidedAction.Promote : UndecidedAction.Ask,
    };

    private static EvidencePlan Limits(IReadOnlyList<PlannedTrigger> triggers)
    {
        var errors = LimitOf(GuardrailProfile.ErrorRateTrigger)?.Above ?? GuardrailProfile.Default.ErrorRatePercent;
        var availability = LimitOf(GuardrailProfile.AvailabilityTrigger)?.Below ?? 0;
        return new EvidencePlan
        {
            ErrorLimit = Math.Clamp((double)Math.Min(errors, 100 - availability) / 100, 1e-6, 0.999),
            LatencyLimit = (double)(LimitOf(GuardrailProfile.LatencyTrigger)?.Above ?? GuardrailProfile.Default.LatencyP95Milliseconds),
        };

        PlannedTrigger? LimitOf(string name) => triggers.FirstOrDefault(trigger => trigger.Name == name);
    }

    private static int Intervals(IReadOnlyList<PlannedStage> stages, TimeSpan interval, Func<PlannedStage, bool> which) =>
        Math.Max(1, (int)Math.Ceiling(stages.Where(which).Sum(stage => stage.MaxBake.TotalSeconds) / interval.TotalSeconds));
}
