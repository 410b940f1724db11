using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>What other systems found before the release: good lets it start and stands in the report with its values, bad stops it before any write.</summary>
public sealed class EvidenceGateStories
{
    private static readonly Uri There = new("http://127.0.0.1/evidence");

    private static ReleaseRequest With(EvidenceSpec evidence)
    {
        var request = Requests.Canary();
        return request with { Preflight = request.Preflight with { Evidence = evidence } };
    }

    private static EvidenceSpec Suites(SuiteSpec? unit, SuiteSpec? integration, SuiteSpec? endToEnd) => new() { Tests = new TestSuitesSpec(unit, integration, endToEnd) };

    private static async Task<ReleaseState> RunAsync(ReleaseRequest request, string body = "", int? status = 200)
    {
        await using var world = new ReleaseWorld();
        world.Probe.Answer = (url, _) => url == There ? new ProbeResult(status, 20, body, status is null ? "connection refused" : "") : new ProbeResult(200, 20, "", "");
        var release = await world.StartAsync(request);
        var state = await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
        if (state.Phase == ReleasePhase.Completed) return state;
        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Empty(await world.EntriesAsync<StageStarted>(release));
        Assert.All(await world.Flags.RevisionsAsync(Requests.Flag, default), revision => Assert.Equal(Percentage.Zero, revision.State.Exposure));
        return state;
    }

    private static GateChecked Gate(ReleaseState state, string name) => state.Gates[name].Last;

    private static void StoppedBy(ReleaseState state, string gate, string why)
    {
        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Equal((GateStatus.Fail, true), (Gate(state, gate).Status, Gate(state, gate).Critical));
        Assert.Contains(why, Gate(state, gate).Details, StringComparison.Ordinal);
        Assert.Contains($"{gate}: ", state.PhaseReason, StringComparison.Ordinal);
    }

    private static void Passed(ReleaseState state, string gate, string details)
    {
        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(GateStatus.Pass, Gate(state, gate).Status);
        Assert.Contains(details, Gate(state, gate).Details, StringComparison.Ordinal);
        Assert.Contains(ReleaseReporter.Report(state, state.EndedAt!.Value).PreDeployment.Checks, check => check.Check == gate && check.Details.Contains(details, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("requirement", "S004-137")]
    public async Task Three_suites_are_three_results()
    {
        var state = await RunAsync(With(Suites(new(null, 4120, 0), new(There, null, null), new(null, 12, 0))), """{"passed": 310, "failed": 0}""");
        Passed(state, QualityGates.UnitTests, "4120 passed and 0 failed (as the request states)");
        Passed(state, QualityGates.IntegrationTests, "310 passed and 0 failed;");
        Passed(state, QualityGates.EndToEndTests, "12 passed and 0 failed");
    }

    [Theory]
    [InlineData("""{"passed": 310, "failed": 1}""", 200, "310 passed and 1 failed")]
    [InlineData("""{"passed": 0, "failed": 0}""", 200, "0 passed and 0 failed")]
    [InlineData("""{"passed": "all"}""", 200, "expected JSON with the numbers passed and failed")]
    [InlineData("not json", 200, "expected JSON")]
    [InlineData("", 500, "answered 500")]
    [InlineData("", null, "no answer: connection refused")]
    [Trait("requirement", "S004-137")]
    public async Task A_suite_that_fails_or_cannot_be_read_stops_the_release(string body, int? status, string why)
    {
        StoppedBy(await RunAsync(With(Suites(new(null, 1, 0), new(null, 1, 0), new(There, null, null))), body, status), QualityGates.EndToEndTests, why);
    }

    [Theory]
    [InlineData("""{"complete": true, "critical": 0}""", null)]
    [InlineData("""{"complete": true, "critical": 1}""", "complete with 1 critical findings")]
    [InlineData("""{"complete": false, "critical": 0}""", "is not complete with 0 critical findings")]
    [InlineData("{}", "expected JSON with complete and the number critical")]
    [Trait("requirement", "S004-138")]
    public async Task A_security_review_has_to_be_complete_without_anything_critical(string body, string? why)
    {
        var state = await RunAsync(With(new EvidenceSpec { SecurityReview = new("sam@example.com", null, null, There) }), body);
        if (why is null) Passed(state, QualityGates.SecurityReview, "the review by sam@example.com is complete with 0 critical findings");
        else StoppedBy(state, QualityGates.SecurityReview, why);
    }

    [Theory]
    [InlineData(199.5, true)]
    [InlineData(200, true)]
    [InlineData(200.5, false)]
    [Trait("requirement", "S002-20")]
    public async Task A_benchmark_is_compared_with_its_budget(double value, bool within)
    {
        var evidence = new EvidenceSpec { Performance = [new("search p95", 200, null, "ms", There), new("start", 5, 4, "s", null)] };
        var state = await RunAsync(With(evidence), string.Create(CultureInfo.InvariantCulture, $$"""{"value": {{value}}}"""));
        var details = string.Create(CultureInfo.InvariantCulture, $"search p95 {value} ms, budget 200 ms; start 4 s, budget 5 s (as the request states)");
        if (within) Passed(state, QualityGates.PerformanceBudget, details);
        else StoppedBy(state, QualityGates.PerformanceBudget, details);
    }

    [Theory]
    [InlineData("2026-11-03T03:00:00Z", "restored into a copy", null)]
    [InlineData("2026-11-02T08:00:00Z", "restored into a copy", "older than 1d")]
    [InlineData("2026-11-03T03:00:00Z", "", "not verified")]
    [InlineData("2026-11-04T03:00:00Z", "restored", "of the future")]
    [Trait("requirement", "S001-34")]
    [Trait("requirement", "S001-37")]
    public async Task A_backup_has_to_be_fresh_and_tried_before_the_first_step(string at, string verified, string? why)
    {
        var stated = await RunAsync(With(new EvidenceSpec { Backups = [new("catalog", "store b", DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), verified, null, TimeSpan.FromDays(1))] }));
        var read = await RunAsync(With(new EvidenceSpec { Backups = [new("catalog", "store b", null, "", There, TimeSpan.FromDays(1))] }), $$"""{"at": "{{at}}", "verified": "{{verified}}"}""");
        foreach (var state in new[] { stated, read })
        {
            if (why is null) Passed(state, QualityGates.Backups, "catalog of 2026-11-03 03:00:00Z in store b, verified: restored into a copy");
            else StoppedBy(state, QualityGates.Backups, why);
        }

        if (why is not null) return;
        var entries = stated.Audit.Select(line => line.Action).ToList();
        Assert.True(entries.IndexOf("gate backups") < entries.IndexOf("state captured"));
    }

    [Theory]
    [InlineData(125, 20, true)]
    [InlineData(125, 21, false)]
    [InlineData(100, 0, false)]
    [InlineData(90, 0, false)]
    [Trait("requirement", "S001-33")]
    public async Task The_traffic_needs_capacity_with_its_headroom(int capacity, int headroom, bool enough)
    {
        var request = With(new EvidenceSpec { Headroom = new Percentage(headroom) });
        var state = await RunAsync(request with { Operations = request.Operations with { TrafficRps = 100, CapacityRps = capacity } });
        if (enough) Passed(state, QualityGates.Capacity, "100 of 125 requests a second are used, 20 % are free, at least 20 % have to be");
        else StoppedBy(state, QualityGates.Capacity, $"100 of {capacity} requests a second are used");
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(503, false)]
    [Trait("requirement", "S001-36")]
    public async Task The_way_backs_own_check_has_to_answer(int status, bool good)
    {
        var state = await RunAsync(With(new EvidenceSpec { RollbackAutomation = There }), "", status);
        if (good) Passed(state, QualityGates.RollbackAutomation, "the way back's own check answered 200");
        else StoppedBy(state, QualityGates.RollbackAutomation, "the way back's own check answered 503");
    }

    [Theory]
    [InlineData(200, true, true)]
    [InlineData(503, true, false)]
    [InlineData(503, false, true)]
    [Trait("requirement", "S001-38")]
    public async Task Infrastructure_that_is_not_healthy_is_no_go(int status, bool critical, bool good)
    {
        var state = await RunAsync(With(new EvidenceSpec { Infrastructure = [new("cluster", There, critical)] }), "", status);
        var gate = QualityGates.Infrastructure("cluster");
        if (good && status == 200) Passed(state, gate, "answered 200 in 20 ms");
        else if (good) Assert.Equal((ReleasePhase.Completed, GateStatus.Warning), (state.Phase, Gate(state, gate).Status));
        else StoppedBy(state, gate, "answered 503, expected 2xx");
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(302, true)]
    [InlineData(401, true)]
    [InlineData(404, false)]
    [InlineData(null, false)]
    [Trait("requirement", "S004-140")]
    public async Task The_dashboard_has_to_be_there(int? status, bool good)
    {
        var state = await RunAsync(With(new EvidenceSpec { Dashboard = There }), "", status);
        if (good) Passed(state, QualityGates.Dashboard, "/evidence answered ");
        else StoppedBy(state, QualityGates.Dashboard, "/evidence ");
    }

    [Theory]
    [InlineData("""{"high": 0, "critical": 0, "medium": 7}""", true)]
    [InlineData("""{"high": 1, "critical": 0, "medium": 0}""", false)]
    [InlineData("""{"high": 0, "critical": 1, "medium": 0}""", false)]
    [Trait("requirement", "S003-42")]
    public async Task A_scanners_report_fails_on_high_and_critical_and_not_on_medium(string body, bool good)
    {
        var request = Requests.Canary();
        var state = await RunAsync(request with { Preflight = request.Preflight with { SecurityScan = new SecurityScanSpec { Url = There } } }, body);
        if (good) Passed(state, QualityGates.SecurityScan, "0 critical and 0 high findings");
        else StoppedBy(state, QualityGates.SecurityScan, "at most 0 and 0 are allowed");
    }

    [Theory]
    [InlineData("""{"digest": "sha256:aa11", "signed": true, "sbom": true}""", true, true, null)]
    [InlineData("""{"digest": "sha256:aa11", "signed": true, "sbom": false}""", true, false, null)]
    [InlineData("""{"digest": "sha256:bb22", "signed": true, "sbom": true}""", false, true, "the digest is sha256:bb22, the request states sha256:aa11")]
    [InlineData("""{"digest": "sha256:aa11", "signed": false, "sbom": true}""", false, true, "digest sha256:aa11 is not signed, verified")]
    [InlineData("{}", false, false, "the artifact could not be verified: answered 200")]
    [Trait("requirement", "S002-64")]
    [Trait("requirement", "S002-65")]
    [Trait("requirement", "S002-66")]
    public async Task What_a_verifier_says_of_the_artifact_counts_and_not_what_the_request_says(string body, bool signed, bool sbom, string? why)
    {
        var request = Requests.Canary();
        var state = await RunAsync(request with { Artifacts = request.Artifacts! with { Verification = There } }, body);
        if (why is null) Passed(state, QualityGates.ArtifactSignature, "digest sha256:aa11 is signed, verified");
        else StoppedBy(state, QualityGates.ArtifactSignature, why);
        var artifact = ReleaseReporter.Report(state, state.EndedAt!.Value).PreDeployment.Artifacts;
        Assert.Equal(("sha256:aa11", signed, sbom), (artifact.Hash, artifact.Signed, artifact.SbomAttached));
    }

    [Theory]
    [InlineData("""{"spdxVersion": "SPDX-2.3", "packages": [""", 200, true)]
    [InlineData("""{"bomFormat": "CycloneDX"}""", 200, true)]
    [InlineData("<html>", 200, false)]
    [InlineData("""{"bomFormat": "CycloneDX"}""", 404, false)]
    [Trait("requirement", "S002-66")]
    public async Task A_bill_of_materials_with_an_address_is_read(string body, int status, bool there)
    {
        var request = Requests.Canary();
        var state = await RunAsync(request with { Artifacts = request.Artifacts! with { Sbom = There.AbsoluteUri } }, body, status);
        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(there, ReleaseReporter.Report(state, state.EndedAt!.Value).PreDeployment.Artifacts.SbomAttached);
        Assert.Equal(there ? GateStatus.Pass : GateStatus.Warning, Gate(state, QualityGates.ArtifactSbom).Status);
    }

    [Fact]
    [Trait("requirement", "S002-65")]
    public async Task Without_a_verifier_the_report_says_whose_word_it_is()
    {
        var state = await RunAsync(Requests.Canary());
        Passed(state, QualityGates.ArtifactSignature, "is stated as signed, digest sha256:aa11; nobody verified it");
        Passed(state, QualityGates.ArtifactSbom, "as the request states");
    }

    [Fact]
    [Trait("requirement", "S001-41")]
    public async Task The_baseline_is_kept_with_its_values_before_anybody_is_exposed()
    {
        var state = await RunAsync(Requests.Canary());
        Assert.Matches(@"^[\d,]+ requests seen, 100 a second, error rate 0.2 %, success rate 99.8 %, p95 \d+ ms$", Gate(state, QualityGates.Baseline).Details);
        var trail = state.Audit.Select(line => line.Action).ToList();
        Assert.True(trail.IndexOf("gate baseline") is >= 0 and var at && at < trail.IndexOf("state captured"));
    }
}
