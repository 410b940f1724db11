using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Each guardrail by itself, and each thing that a trigger may cause.</summary>
public class GuardrailStories
{
    [Theory]
    [InlineData("error_rate")]
    [InlineData("latency_p95")]
    [InlineData("availability")]
    [InlineData("clicks")]
    [Trait("requirement", "S002-14")]
    [Trait("requirement", "S002-33")]
    [Trait("requirement", "S002-34")]
    [Trait("requirement", "S002-150")]
    [Trait("requirement", "S004-171")]
    public async Task A_breach_of_any_guardrail_rolls_back_without_a_person(string metric)
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var guardrails = new GuardrailSpec
        {
            // Of error rate and availability each is loose where the other is tested: both look at failed requests.
            ErrorRate = new LimitSpec(metric == "availability" ? 90 : 1, 100),
            LatencyP95 = new LimitSpec(250),
            Availability = new(metric == "error_rate" ? 10 : 99),
            Kpis = [new KpiSpec("clicks", KpiDirection.HigherIsBetter, new Percentage(5))],
        };
        world.Service.Kpis["clicks"] = (_, _) => 0.4;
        var release = await world.StartAsync(request with { Guardrails = guardrails });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        if (metric == "latency_p95") world.Service.Latency = (canary, _) => canary ? 400 : 40;
        else if (metric == "clicks") world.Service.Kpis["clicks"] = (canary, _) => canary ? 0.2 : 0.4;
        else world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.RolledBack, new Percentage(25), metric), (state.Phase, state.PeakExposure, state.Rollback!.Finding?.Metric));
        Assert.Empty(state.Commands);
        var report = await ReportAsync(world, release);
        Assert.Equal((true, RollbackOrigin.Automated), (report.RollbackStatus.Required, report.RollbackStatus.TriggeredBy));
        Assert.Contains(metric, report.RollbackStatus.Reason, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(TriggerAction.AutoRollback, ReleasePhase.RollingBack, TriggerAction.AutoRollback)]
    [InlineData(TriggerAction.Pause, ReleasePhase.Paused, TriggerAction.Pause)]
    [InlineData(TriggerAction.Evaluate, ReleasePhase.Paused, TriggerAction.Pause)]
    [InlineData(TriggerAction.Alert, ReleasePhase.Completed, TriggerAction.Alert)]
    [Trait("requirement", "S002-74")]
    public async Task A_trigger_causes_what_the_report_says_it_causes(TriggerAction action, ReleasePhase reached, TriggerAction reported)
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with
        {
            Guardrails = request.Guardrails with { Triggers = [new TriggerSpec { Metric = "latency_p95", Above = 42, Window = TimeSpan.FromMinutes(3), For = TimeSpan.FromMinutes(1), Action = action }] },
        });
        var listed = Assert.Single((await ReportAsync(world, release)).DeploymentPlan.RollbackTriggers, trigger => trigger.Threshold.StartsWith("above 42 ms", StringComparison.Ordinal));
        Assert.Equal(new RollbackTrigger("latency_p95", "above 42 ms for 1 min", 3, reported), listed);
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);

        // For minutes only: a warning that comes back twice would be a signal of its own.
        var from = world.Time.GetUtcNow();
        world.Service.Latency = (canary, at) => canary && at >= from && at < from.AddMinutes(6) ? 46 : 40;
        await world.RunUntilAsync(release, reached);

        var report = await ReportAsync(world, release);
        var fired = Assert.Single(report.Monitoring.Alerts, alert => alert.Name == "latency_p95 above 42");
        Assert.True(fired.Triggered && fired.Timestamp > ReportJson.Never && fired.ActionTaken.Length > 0);
        Assert.Equal(action == TriggerAction.Evaluate ? 1 : 0, (await world.StateAsync(release)).Evaluations.Count);
        if (reached == ReleasePhase.Paused) await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(0, 0.50, false)]
    [InlineData(0, 0.51, true)]
    [InlineData(2, 0.51, true)]
    [InlineData(3, 0.51, true)]
    [Trait("requirement", "S004-48")]
    [Trait("requirement", "S004-175")]
    [Trait("requirement", "S004-197")]
    public async Task With_the_default_profile_half_a_percent_of_errors_is_tolerated_and_a_hundredth_more_goes_back_at_once(int stage, double percent, bool back)
    {
        await using var world = new ReleaseWorld();

        // So many requests that a hundredth of a percent is no chance; the old version is hardly better, so that only the limit speaks.
        world.Service.Rps = 2_000_000;
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Guardrails = new GuardrailSpec { Availability = new(90) } });
        await world.RunUntilAsync(release, ReleasePhase.Baking, stage);
        var from = world.Time.GetUtcNow();
        world.Service.ErrorRate = (canary, at) => canary && at >= from ? percent / 100 : 0.0049;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(back ? ReleasePhase.RolledBack : ReleasePhase.Completed, state.Phase);
        if (!back) return;
        Assert.Equal(state.Plan.Stages[stage].Percentage, state.PeakExposure);
        Assert.Equal(("error_rate limit", 0.5), (state.Rollback!.Finding!.Rule, state.Rollback.Finding.Limit));
        Assert.Equal(1, state.Rollback.Levels[0].Result.Level);
        await Invariants.CheckAsync(world, release);
    }

    private static async Task<ReleaseReport> ReportAsync(ReleaseWorld world, ReleaseId release) =>
        ReleaseReporter.Report(await world.StateAsync(release), world.Time.GetUtcNow());
}
