using Slipway.Core.Planning.Intake;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Planning.Intake;

/// <summary>Every input, taken away one at a time from a request that answers everything.</summary>
public sealed class IntakeTableTests
{
    /// <summary>Inputs that always block, whose absence is one gap.</summary>
    public static TheoryData<string> Always { get; } = ["release.title", "release.version", "environments", "telemetry", "telemetry.workspace"];

    /// <summary>Inputs that block under the strict profile, and are open questions otherwise.</summary>
    public static TheoryData<string> Strict { get; } =
    [
        "release.start_at", "environments[0].infrastructure", "system.flag_framework", "release.from_version", "release.problem", "release.declared_risk",
        "release.change_type", "tolerance", "release.blast_radius", "release.rollback_complexity", "release.known_risks", "changes.complexity", "release.ticket", "release.requested_by", "release.regulations", "artifacts", "artifacts.build_id", "artifacts.image",
        "artifacts.hash", "artifacts.signed", "artifacts.sbom", "changes.files", "environments[0].regions", "strategy", "stages", "flags",
        "guardrails.error_rate", "guardrails.latency_p95", "guardrails.availability", "guardrails.kpis", "preflight.smoke", "preflight.staging_tests",
        "preflight.tests", "preflight.security_review", "preflight.backups", "preflight.security_scan", "preflight.dependencies.services", "preflight.dependencies.services[0].health", "preflight.dependencies.databases",
        "preflight.dependencies.external_apis", "preflight.dependencies.external_apis[0].health", "rollback.rehearsal", "rollback.caches",
        "telemetry.dashboards", "contacts.primary", "contacts.secondary", "contacts.escalation", "contacts.infrastructure", "contacts.security",
        "contacts.database", "contacts.network", "communications.incident_channel", "communications.incident_document", "communications.status_page",
        "operations.traffic_rps", "operations.capacity_rps", "operations.peak_hours", "operations.windows", "operations.holidays", "system.services", "system.integrations",
        "system.critical_flows", "system.customer_facing", "system.expected_downtime", "system.allowed_downtime",
    ];

    /// <summary>Inputs that never block.</summary>
    public static TheoryData<string> Open { get; } =
    [
        "guardrails.error_rate.target", "guardrails.measurements", "environments[0].runtime", "environments[0].data_stores", "environments[0].target", "operations.active_users", "delivery.pipeline", "delivery.secrets",
        "delivery.infrastructure_code", "delivery.backups.automatic", "delivery.disaster_recovery", "delivery.logs.retention", "delivery.metrics.retention",
        "delivery.traces.retention", "delivery.budget_alerts", "delivery.edge_protection", "delivery.cold_start", "delivery.cost", "sources.rules",
        "sources.specification", "sources.implementation_plan", "sources.code",
    ];

    /// <summary>Inputs of which there may be none.</summary>
    public static TheoryData<string> NoneIsAnAnswer { get; } =
    [
        "release.regulations", "release.known_risks", "artifacts", "changes.files", "environments[0].data_stores", "flags", "guardrails.kpis", "guardrails.measurements", "preflight.dependencies.services",
        "preflight.dependencies.databases", "preflight.dependencies.external_apis", "rollback.caches", "telemetry.dashboards", "operations.peak_hours",
        "operations.windows", "operations.holidays", "system.integrations", "system.critical_flows", "system.flag_framework", "communications.status_page",
        "communications.incident_document", "delivery.backups", "delivery.disaster_recovery", "delivery.infrastructure_code", "delivery.logs", "sources.rules",
    ];

    [Theory]
    [InlineData(IntakeProfile.Standard)]
    [InlineData(IntakeProfile.Strict)]
    [InlineData(IntakeProfile.Brief)]
    [Trait("requirement", "S000-13")]
    [Trait("requirement", "S000-65")]
    public void A_complete_request_is_asked_nothing(IntakeProfile profile)
    {
        var report = IntakeGaps.Analyse(CompleteRequest.Read(), profile);

        Assert.Empty(report.Gaps);
        Assert.Null(report.Insufficient);
    }

    [Theory]
    [MemberData(nameof(Always))]
    [Trait("requirement", "S000-05")]
    [Trait("requirement", "S000-12")]
    [Trait("requirement", "S002-145")]
    [Trait("requirement", "S002-161")]
    [Trait("requirement", "S002-165")]
    [Trait("requirement", "S003-03")]
    public void What_no_release_is_safe_without_blocks_under_both_profiles(string path)
    {
        var request = CompleteRequest.Without(path);

        IsTheOneGap(path, blocking: true, IntakeGaps.Analyse(request));
        IsTheOneGap(path, blocking: true, IntakeGaps.Analyse(request, IntakeProfile.Strict));
    }

    [Theory]
    [MemberData(nameof(Strict))]
    [Trait("requirement", "X03")]
    [Trait("requirement", "S000-06")]
    [Trait("requirement", "S000-07")]
    [Trait("requirement", "S000-09")]
    [Trait("requirement", "S000-11")]
    [Trait("requirement", "S000-12")]
    [Trait("requirement", "S001-18")]
    [Trait("requirement", "S001-20")]
    [Trait("requirement", "S001-21")]
    [Trait("requirement", "S001-08")]
    [Trait("requirement", "S001-09")]
    [Trait("requirement", "S001-12")]
    [Trait("requirement", "S001-13")]
    [Trait("requirement", "S001-14")]
    [Trait("requirement", "S001-17")]
    [Trait("requirement", "S001-19")]
    [Trait("requirement", "S001-80")]
    [Trait("requirement", "S001-81")]
    [Trait("requirement", "S001-83")]
    [Trait("requirement", "S002-139")]
    [Trait("requirement", "S002-145")]
    [Trait("requirement", "S002-162")]
    [Trait("requirement", "S002-163")]
    [Trait("requirement", "S002-164")]
    [Trait("requirement", "S002-167")]
    [Trait("requirement", "S002-169")]
    [Trait("requirement", "S002-170")]
    [Trait("requirement", "S002-171")]
    [Trait("requirement", "S002-172")]
    [Trait("requirement", "S002-173")]
    [Trait("requirement", "S002-174")]
    [Trait("requirement", "S002-175")]
    [Trait("requirement", "S002-176")]
    [Trait("requirement", "S004-37")]
    [Trait("requirement", "S004-39")]
    [Trait("requirement", "S004-58")]
    [Trait("requirement", "S004-60")]
    [Trait("requirement", "S004-210")]
    [Trait("requirement", "S004-212")]
    public void What_a_regulated_team_must_say_blocks_when_strict_and_is_an_open_item_otherwise(string path)
    {
        var request = CompleteRequest.Without(path);

        IsTheOneGap(path, blocking: true, IntakeGaps.Analyse(request, IntakeProfile.Strict));
        IsTheOneGap(path, blocking: false, IntakeGaps.Analyse(request));
    }

    [Theory]
    [MemberData(nameof(Open))]
    [Trait("requirement", "X03")]
    [Trait("requirement", "S003-04")]
    [Trait("requirement", "S003-05")]
    [Trait("requirement", "S003-06")]
    [Trait("requirement", "S003-07")]
    public void What_keeps_nothing_from_running_is_an_open_item_under_every_profile(string path)
    {
        var request = CompleteRequest.Without(path);

        IsTheOneGap(path, blocking: false, IntakeGaps.Analyse(request, IntakeProfile.Strict));
        IsTheOneGap(path, blocking: false, IntakeGaps.Analyse(request));
    }

    [Fact]
    public void A_release_that_nobody_would_hear_of_is_asked_whom_to_tell()
    {
        var request = CompleteRequest.Read() with { Communications = CompleteRequest.Read().Communications with { Stakeholders = [], Webhooks = [] } };

        IsTheOneGap("communications", blocking: true, IntakeGaps.Analyse(request));
    }

    [Fact]
    [Trait("requirement", "S002-163")]
    public void A_release_without_any_change_is_asked_what_changes()
    {
        var request = CompleteRequest.Read() with { Changes = CompleteRequest.Read().Changes with { Features = [], Fixes = [], BreakingChanges = [], Deprecations = [], Commits = [] } };

        IsTheOneGap("changes", blocking: true, IntakeGaps.Analyse(request, IntakeProfile.Strict));
    }

    [Fact]
    public void Every_row_of_the_table_is_tried()
    {
        string[] byThemselves = ["rollback", "rollback.configuration", "tolerance.for", "environments[].service", "approvals", "stages[].bake", "changes", "communications"];
        var tried = Always.Concat(Strict).Concat(Open).Select(row => row.Data.Replace("[0]", "[]", StringComparison.Ordinal)).Concat(byThemselves);

        Assert.Equal(IntakeTable.Inputs.Select(input => input.Path).Distinct().Order(StringComparer.Ordinal), tried.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [Trait("requirement", "S000-14")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("TBD")]
    [InlineData("n/a")]
    [InlineData("?")]
    [InlineData("<to be said>")]
    public void A_placeholder_at_any_input_is_the_same_gap_as_nothing(string placeholder) =>
        Assert.All(Always.Concat(Strict).Concat(Open).Select(row => row.Data), path =>
            Assert.Equal(
                IntakeGaps.Analyse(CompleteRequest.Without(path), IntakeProfile.Strict).Gaps,
                IntakeGaps.Analyse(CompleteRequest.With(path, $"\"{placeholder}\""), IntakeProfile.Strict).Gaps));

    [Theory]
    [Trait("requirement", "S000-14")]
    [InlineData("release.regulations", "[\"SOC-2\", \"TBD\"]", "release.regulations")]
    [InlineData("system.services", "[\"TBD\"]", "system.services")]
    [InlineData("contacts.escalation", "[\"?\", \"cto@example.com\"]", "contacts.escalation")]
    [InlineData("changes.features", "[\"streaming\", \"n/a\"]", "changes")]
    public void A_placeholder_among_the_items_of_a_list_is_the_lists_gap(string path, string json, string gap) =>
        IsTheOneGap(gap, blocking: true, IntakeGaps.Analyse(CompleteRequest.With(path, json), IntakeProfile.Strict));

    [Theory]
    [InlineData("stages[1].approval", "\"TBD\"")]
    [InlineData("operations.freezes", "[\"TBD\"]")]
    public void A_placeholder_that_would_change_what_is_run_blocks_under_every_profile(string path, string json)
    {
        var gap = Assert.Single(IntakeGaps.Analyse(CompleteRequest.With(path, json)).Gaps);

        Assert.StartsWith(path, gap.Path, StringComparison.Ordinal);
        Assert.True(gap.Blocking);
        Assert.Equal($"Fill {gap.Path} in, or remove the line.", gap.NextStep);
    }

    [Theory]
    [MemberData(nameof(NoneIsAnAnswer))]
    [Trait("requirement", "S000-11")]
    [Trait("requirement", "S001-17")]
    [Trait("requirement", "S001-19")]
    [Trait("requirement", "S002-167")]
    [Trait("requirement", "S002-172")]
    public void None_is_an_answer(string path) =>
        Assert.Empty(IntakeGaps.Analyse(CompleteRequest.With(path, "\"none\""), IntakeProfile.Strict).Gaps);

    [Theory]
    [InlineData("release.regulations")]
    [InlineData("operations.peak_hours")]
    [InlineData("system.integrations")]
    public void An_empty_list_says_none_too(string path) =>
        Assert.Empty(IntakeGaps.Analyse(CompleteRequest.With(path, "[]"), IntakeProfile.Strict).Gaps);

    [Theory]
    [Trait("requirement", "S001-12")]
    [InlineData("system.services")]
    [InlineData("preflight.smoke")]
    [InlineData("contacts.escalation")]
    [InlineData("telemetry")]
    public void Where_a_release_cannot_do_without_none_is_no_answer(string path) =>
        IsTheOneGap(path, blocking: true, IntakeGaps.Analyse(CompleteRequest.With(path, "\"none\""), IntakeProfile.Strict));

    [Fact]
    [Trait("requirement", "S000-15")]
    public void Three_missing_inputs_are_three_questions_at_once()
    {
        var complete = CompleteRequest.Read();
        var request = complete with { Release = complete.Release with { Problem = "", StartAt = null }, Contacts = complete.Contacts with { Primary = "TBD" } };

        Assert.Equal(["release.start_at", "release.problem", "contacts.primary"], IntakeGaps.Analyse(request, IntakeProfile.Strict).Gaps.Select(gap => gap.Path));
    }

    private static void IsTheOneGap(string path, bool blocking, GapReport report)
    {
        var gap = Assert.Single(report.Gaps);
        Assert.Equal((path, blocking, !blocking), (gap.Path, gap.Blocking, gap.OpenItem));
        Assert.Contains('?', gap.Question);
        Assert.Equal(blocking ? [$"{path}: {gap.Missing}"] : null, report.Insufficient?.Missing);
        Assert.Equal(blocking ? gap.NextStep : null, report.Insufficient?.NextBestStep);
    }
}
