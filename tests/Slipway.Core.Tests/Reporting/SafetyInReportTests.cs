using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Reporting;

/// <summary>Checks, dependencies, probes and the rollback, as the ledger has them.</summary>
public sealed class SafetyInReportTests
{
    [Fact]
    [Trait("requirement", "S002-61")]
    public void Checks_are_the_seven_gates_dependencies_window_and_baseline_and_what_is_not_good_says_why()
    {
        foreach (var sample in SampleLedgers.All.Keys)
        {
            var checks = ReportAtEveryMomentTests.ReportOf(sample).PreDeployment.Checks;
            string[] expected = [.. QualityGates.Seven, "service: catalog", "database: catalog-db", "external API: geo", QualityGates.ChangeWindow, QualityGates.Baseline];
            Assert.All(expected, name => Assert.Single(checks, check => check.Check == name));
            Assert.All(checks.Where(check => check.Status != GateStatus.Pass), check => Assert.NotEqual("", check.Details.Trim()));
        }
    }

    [Theory]
    [InlineData("3.1", true, Compatibility.Verified)]
    [InlineData("3.1", null, Compatibility.Assumed)]
    [InlineData("", null, Compatibility.Unknown)]
    [InlineData("3.1", false, Compatibility.Unknown)]
    [Trait("requirement", "S002-115")]
    public void Compatibility_is_verified_only_with_a_contract_test(string version, bool? tested, Compatibility expected)
    {
        var service = Assert.Single(With(dependencies => dependencies with { Services = [new ServiceDependency { Name = "catalog", Version = version, ContractTested = tested }] }).Services);

        Assert.Equal(("catalog", version, expected), (service.Name, service.Version, service.Compatibility));
    }

    [Theory]
    [InlineData(GateStatus.Pass, HealthStatus.Healthy, ApiStatus.Available)]
    [InlineData(GateStatus.Warning, HealthStatus.Degraded, ApiStatus.Degraded)]
    [InlineData(GateStatus.Fail, HealthStatus.Unhealthy, ApiStatus.Unavailable)]
    [InlineData(null, HealthStatus.Degraded, ApiStatus.Degraded)]
    [Trait("requirement", "S002-115")]
    [Trait("requirement", "S002-117")]
    public void Health_of_a_dependency_is_that_of_its_newest_probe(GateStatus? probed, HealthStatus health, ApiStatus status)
    {
        foreach (var fallback in new[] { true, false })
        {
            var dependencies = With(
                request => request with { ExternalApis = [new ExternalApiDependency { Name = "geo", Fallback = fallback }] },
                probed is { } found
                    ? [new GateChecked(QualityGates.Service("catalog"), found, false, "", GateKind.Service, 5), new GateChecked(QualityGates.ExternalApi("geo"), found, false, "", GateKind.ExternalApi, 5)]
                    : []);
            Assert.Equal(health, Assert.Single(dependencies.Services).Health);
            Assert.Equal(new ExternalApiReport("geo", status, fallback ? FallbackStatus.Enabled : FallbackStatus.Disabled), Assert.Single(dependencies.ExternalApis));
        }
    }

    [Fact]
    [Trait("requirement", "S002-127")]
    [Trait("requirement", "S002-128")]
    [Trait("requirement", "S002-129")]
    [Trait("requirement", "S002-130")]
    [Trait("requirement", "S002-131")]
    public void Smoke_checks_count_from_the_first_exposure_on_and_every_probe_of_a_critical_path_counts_for_availability()
    {
        var script = SampleLedgers.Preflighted(new LedgerScript(SampleRequests.Start));
        Assert.Equal(new SmokeReport(0, 0, false), Post(script).SmokeTests);
        Assert.Equal([new TransactionReport("search", 100, 42)], Post(script).SyntheticMonitoring.KeyTransactions);

        script = SampleLedgers.Exposed(new LedgerScript(SampleRequests.Start), 4)
            .Add(new PhaseEntered(ReleasePhase.Validating, ReleaseTrigger.LastStagePassed, 3, "the last stage passed", null, ""))
            .Add(Smoke(GateStatus.Fail, 900));
        Assert.Equal(new SmokeReport(0, 1, false), Post(script).SmokeTests);
        Assert.Equal(50, Post(script).SyntheticMonitoring.Availability);
        Assert.Equal([new TransactionReport("search", 50, 900)], Post(script).SyntheticMonitoring.KeyTransactions);

        script.Add(Smoke(GateStatus.Pass, 40)).Add(Smoke(GateStatus.Pass, 30));
        Assert.Equal(new SmokeReport(1, 0, true), Post(script).SmokeTests);
        Assert.Equal(75, Post(script).SyntheticMonitoring.Availability);
        Assert.Equal([new TransactionReport("search", 75, 30)], Post(script).SyntheticMonitoring.KeyTransactions);
    }

    [Theory]
    [InlineData(0, 0, KpiImpact.Neutral)]
    [InlineData(9, 0, KpiImpact.Neutral)]
    [InlineData(10, 0, KpiImpact.Negative)]
    [InlineData(0, 1, KpiImpact.Negative)]
    [Trait("requirement", "S002-132")]
    [Trait("requirement", "S002-133")]
    public void Sentiment_follows_from_what_was_reported(int complaints, int incidents, KpiImpact expected)
    {
        var script = SampleLedgers.Exposed(new LedgerScript(SampleRequests.Start), 1);
        if (complaints > 0) script.Add(new SignalReceived(new ReleaseSignal("r1", ReleaseSignalKind.Complaints, "support@example.com", "") { Count = complaints }));
        for (var incident = 0; incident < incidents; incident++)
            script.Add(new SignalReceived(new ReleaseSignal($"i{incident}", ReleaseSignalKind.Incident, "on-call@example.com", "") { Severity = IncidentSeverity.Moderate }));

        Assert.Equal(new FeedbackReport(expected, complaints + incidents), Post(script).UserFeedback);
    }

    [Fact]
    [Trait("requirement", "S002-110")]
    [Trait("requirement", "S002-111")]
    [Trait("requirement", "S002-113")]
    public void A_rollback_has_its_real_times_and_is_a_success_only_after_its_verification()
    {
        var entries = SampleLedgers.All["rolled_back"].ToList();
        Assert.Equal(new RollbackStatus(false, RollbackOrigin.Automated, "", ReportJson.Never, ReportJson.Never, 0, false, false), Until(entries, entries.FindIndex(Begins)));
        var begun = entries.Find(Begins)!.At;
        var undone = entries.FindIndex(entry => entry.Read() is EffectFinished { EffectId: "undo-1" });

        // The flag is off, and nothing has looked yet whether that helped.
        var running = Until(entries, undone + 1);
        Assert.Equal((begun, ReportJson.Never, false), (running.StartedAt, running.CompletedAt, running.Success));
        var done = Until(entries, entries.Count);
        Assert.Equal((begun, entries[undone].At, true), (done.StartedAt, done.CompletedAt, done.Success));
        var failed = ReportAtEveryMomentTests.ReportOf("failed_rollback").RollbackStatus;
        Assert.Equal((true, false), (failed.CompletedAt > failed.StartedAt, failed.Success));

        static bool Begins(LedgerEntry entry) => entry.Read() is PhaseEntered { Phase: ReleasePhase.RollingBack };
    }

    [Fact]
    [Trait("requirement", "S002-22")]
    [Trait("requirement", "S002-99")]
    public void Every_guarded_metric_has_an_armed_alert_and_a_dashboard_with_an_absolute_address()
    {
        var created = SampleRequests.Created();
        var plan = Planner.Draft(created.Request);
        var report = ReportAtEveryMomentTests.ReportOf(new LedgerScript(SampleRequests.Start).Add(created with { Plan = plan }).Entries);

        Assert.All(plan.Triggers, trigger => Assert.Single(report.Monitoring.Alerts, alert => alert.Name == trigger.Name && !alert.Triggered && alert.Timestamp == ReportJson.Never));
        var shown = report.Monitoring.Dashboards;
        Assert.All(new[] { "error_rate", "latency_p95", "availability", "searches_with_click" }, metric => Assert.Single(shown, dashboard => dashboard.KeyMetrics.Contains(metric)));
        Assert.All(shown, dashboard => Assert.True(Uri.TryCreate(dashboard.Url, UriKind.Absolute, out var address) && address.Scheme == "http", dashboard.Url));
    }

    private static RollbackStatus Until(List<LedgerEntry> entries, int count) => ReportAtEveryMomentTests.ReportOf([.. entries.Take(count)]).RollbackStatus;

    private static GateChecked Smoke(GateStatus status, double latency) => new(QualityGates.Smoke("search"), status, true, "probed", GateKind.Smoke, latency);

    private static PostDeployment Post(LedgerScript script) => ReportAtEveryMomentTests.ReportOf(script.Entries).PostDeployment;

    private static DependencyReport With(Func<DependencySpec, DependencySpec> change, params IReadOnlyList<GateChecked> probed)
    {
        var created = SampleRequests.Created();
        var request = created.Request with { Preflight = created.Request.Preflight with { Dependencies = change(created.Request.Preflight.Dependencies) } };
        var script = new LedgerScript(SampleRequests.Start).Add(created with { Request = request });
        foreach (var gate in probed) script.Add(gate);
        return ReportAtEveryMomentTests.ReportOf(script.Entries).Dependencies;
    }
}
