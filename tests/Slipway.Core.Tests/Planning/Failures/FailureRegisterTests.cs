using Slipway.Core.Decisions;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Failures;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Planning.Failures;

public sealed class FailureRegisterTests
{
    /// <summary>The seed's checkout: payment API, orders database, mail that it can do without, webhook that it cannot do without.</summary>
    private const string Checkout = """
        {
          "release": { "title": "Checkout", "version": "3", "declared_risk": "high" },
          "environments": [{ "name": "prod" }],
          "flags": [{ "name": "checkout", "kill_switch": true }],
          "telemetry": { "source": "embedded" },
          "communications": { "stakeholders": [{ "email": "support@example.com" }] },
          "changes": { "files": [{ "path": "src/Orders.cs", "area": "data_write" }, { "path": "src/checkout/Pay.cs" }] },
          "preflight": { "dependencies": {
            "services": [{ "name": "email", "critical": false }, { "name": "webhook" }],
            "external_apis": [{ "name": "payments" }] } }
        }
        """;

    [Theory]
    [Trait("requirement", "S004-15")]
    [Trait("requirement", "S004-16")]
    [Trait("requirement", "S004-17")]
    [Trait("requirement", "S004-18")]
    [Trait("requirement", "S004-19")]
    [InlineData("external_api: payments", FailureSeverity.High, "latency_p95 limit", MatrixRow.LatencyP95, 1)]
    [InlineData("data_corruption", FailureSeverity.Critical, null, MatrixRow.DataLoss, 1)]
    [InlineData("dependency: email", FailureSeverity.Moderate, null, MatrixRow.Moderate, null)]
    [InlineData("dependency: webhook", FailureSeverity.High, "error_rate limit", MatrixRow.ErrorRate, 1)]
    public void The_checkout_example_finds_its_four_scenarios_with_trigger_and_answer(string id, FailureSeverity severity, string? trigger, MatrixRow row, int? level)
    {
        var mode = Assert.Single(Register(Given.Request(Checkout)), mode => mode.Scenario.Id == id);

        Assert.True(mode.Scenario.Applicable);
        Assert.Equal((severity, trigger, row, level), (mode.Scenario.Severity, mode.Watch!.Trigger, mode.Watch.Row, mode.Answer!.Level));
        if (level is null) Assert.Contains("queued for retry; the release is not blocked", mode.Answer.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("requirement", "S000-31")]
    [InlineData("db_schema", """{}""", false, "nothing is migrated")]
    [InlineData("db_schema", """{ "release": { "change_type": "data_migration" } }""", true, "the change type is data_migration")]
    [InlineData("db_schema", """{ "changes": { "files": [{ "path": "migrations/1.sql" }] } }""", true, "migrations/1.sql migrates a database")]
    [InlineData("db_schema", """{ "preflight": { "dependencies": { "databases": [{ "name": "a", "migration": { "up": "u", "down": "d", "down_safe_after_writes": true } }] } } }""", true, "the database a is migrated")]
    [Trait("requirement", "S000-33")]
    [InlineData("data_corruption", """{}""", false, "nothing is migrated and no file is known to write data")]
    [InlineData("data_corruption", """{ "changes": { "files": [{ "path": "a.cs", "area": "data_write" }] } }""", true, "data risk low: data is written or migrated")]
    [Trait("requirement", "S000-32")]
    [InlineData("latency_spike", """{}""", true, "changed code runs for users")]
    [InlineData("latency_spike", """{ "changes": { "files": [{ "path": "docs/a.md" }] } }""", false, "only tests, documents and flags that are off change")]
    [InlineData("error_spike", """{ "changes": { "files": [{ "path": "docs/a.md" }, { "path": "src/a.cs" }] } }""", true, "changed code runs for users")]
    [InlineData("dependency", """{}""", false, "no service is named that the release calls")]
    [InlineData("external_api", """{}""", false, "no external API is named that the release calls")]
    [InlineData("external_api: geo", """{ "preflight": { "dependencies": { "external_apis": [{ "name": "geo", "fallback": true }] } } }""", true, "the release calls geo, with a fallback")]
    [InlineData("partial_deployment", """{}""", false, "one flag in one place is written, and read back")]
    [InlineData("partial_deployment", """{ "deploy": { "hook": "http://h/" } }""", true, "the deploy hook can stop half way")]
    [InlineData("partial_deployment", """{ "environments": [{ "name": "prod", "regions": ["a", "b"] }] }""", true, "2 regions follow one after the other")]
    [InlineData("security", """{}""", true, "no manifest says that nothing security-critical changes")]
    [InlineData("security", """{ "changes": { "files": [{ "path": "src/a.cs" }] } }""", false, "no changed file is known to be security-critical")]
    [InlineData("security", """{ "changes": { "files": [{ "path": "src/auth/a.cs" }] } }""", true, "src/auth/a.cs decides who may do what")]
    [InlineData("configuration", """{}""", false, "no configuration is known to change")]
    [InlineData("configuration", """{ "rollback": { "configuration": ["a", "b"] } }""", true, "the configuration keys a, b belong to the release")]
    [InlineData("lost_telemetry", """{}""", true, "every release is judged by telemetry, which can stay away")]
    [InlineData("notification", """{}""", false, "nobody is to be told")]
    public void Each_failure_mode_applies_or_not_and_says_why(string id, string json, bool applicable, string reason)
    {
        var scenario = Assert.Single(RiskAssessor.Assess(Given.Request(json)).Scenarios, scenario => scenario.Id == id);

        Assert.Equal((applicable, reason), (scenario.Applicable, scenario.Reason));
    }

    public static TheoryData<string> Requests() => new(
        Checkout, Given.Small, "{}",
        """{ "changes": { "files": [{ "path": "docs/a.md" }] } }""",
        """{ "deploy": { "hook": "http://h/" }, "strategy": "blue_green" }""",
        """{ "guardrails": { "when_blind": { "then": "pause" } } }""",
        """{ "rollback": { "configuration": ["a"], "code": { "hook": "http://h/", "previous_version": "1" } }, "preflight": { "dependencies": { "databases": [{ "name": "a", "migration": { "up": "drop_a" } }] } } }""");

    [Theory]
    [Trait("requirement", "S000-34")]
    [Trait("requirement", "S004-10")]
    [Trait("requirement", "S004-13")]
    [Trait("requirement", "S004-14")]
    [MemberData(nameof(Requests))]
    public void No_mode_that_applies_is_without_watch_and_answer_and_none_that_does_not_has_one(string json)
    {
        var register = Register(Given.Request(json));

        Assert.Equal(Enum.GetValues<FailureKind>(), register.Select(mode => mode.Scenario.Kind).Distinct());
        Assert.Equal(register.Count, register.Select(mode => mode.Scenario.Id).Distinct().Count());
        Assert.All(register, mode =>
        {
            Assert.Equal((mode.Scenario.Applicable, mode.Scenario.Applicable), (mode.Watch is not null, mode.Answer is not null));
            Assert.NotEmpty(mode.Scenario.Reason);
            if (!mode.Scenario.Applicable) return;
            Assert.NotEmpty(mode.Watch!.Check);
            Assert.NotEmpty(mode.Answer!.Sentence);
            // Moderate rolls nothing back; what is worse has a row of the matrix that does with users exposed.
            var worst = DecisionMatrix.Of(mode.Watch.Row, CanonicalStage.Canary).Response;
            if (mode.Scenario.Severity == FailureSeverity.Moderate) Assert.Equal((MatrixResponse.Alert, null), (worst, mode.Answer.Level));
            else Assert.True(worst is MatrixResponse.Immediate or MatrixResponse.HoldThenRollback);
        });
    }

    [Theory]
    [Trait("requirement", "S004-12")]
    [InlineData(FailureSeverity.Critical)]
    [InlineData(FailureSeverity.High)]
    public void The_row_of_a_scenario_reacts_at_every_stage_as_its_severity_says(FailureSeverity severity)
    {
        var rows = Register(Given.Request(Checkout)).Where(mode => mode.Scenario.Severity == severity && mode.Watch is not null).Select(mode => mode.Watch!.Row).Distinct().ToList();

        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var responses = Enum.GetValues<CanonicalStage>().Select(stage => DecisionMatrix.Of(row, stage).Response).ToList();
            if (severity == FailureSeverity.Critical) Assert.All(responses, response => Assert.Equal(MatrixResponse.Immediate, response));
            else Assert.DoesNotContain(MatrixResponse.None, responses);
        }
    }

    [Fact]
    [Trait("requirement", "S004-09")]
    [Trait("requirement", "S004-11")]
    public void Scenarios_are_known_before_the_plan_and_any_change_that_runs_has_some()
    {
        // The assessment is made of the request alone; the plan is made from it.
        Assert.All(
            ChangeKinds.All.Where(rule => rule.WhenChanged > ChangeRisk.Zero),
            rule => Assert.Contains(
                RiskAssessor.Assess(Given.Request(Given.Small) with { Changes = new ChangeSpec { Files = [new FileChange("a", FileAction.Modified, rule.Words[0])] } }).Scenarios,
                scenario => scenario is { Applicable: true, Kind: FailureKind.ErrorSpike }));
    }

    [Fact]
    [Trait("requirement", "S004-06")]
    [Trait("requirement", "S004-07")]
    [Trait("requirement", "S004-61")]
    public void The_audit_trail_says_that_the_risk_was_analysed_before_the_way_back_and_the_way_forward()
    {
        var request = Given.Request(Checkout);
        var created = SampleRequests.Created() with { Request = request, Plan = Planner.Draft(request) };

        var audit = ReleaseState.Fold(new LedgerScript(SampleRequests.Start).Add(created).Entries).Audit;
        Assert.Equal(
            ["release recorded", "risk-analysis, Stage 7: Failure Modes", "deployment-patterns, Stage 1: Rollback", "deployment-patterns, Stage 2: Deployment"],
            audit.Select(line => line.Action));
        Assert.Equal("high risk, complexity 4, 9 of 12 failure modes apply", audit[1].Details);
        Assert.Equal("levels 1", audit[2].Details);
        Assert.Equal("10 % for 4h, 50 % for 8h, 100 % for 1d", audit[3].Details);
    }

    private static IReadOnlyList<FailureMode> Register(ReleaseRequest request)
    {
        var assessment = RiskAssessor.Assess(request);
        return FailureRegister.Of(assessment.Scenarios, Planner.Draft(request, assessment));
    }
}
