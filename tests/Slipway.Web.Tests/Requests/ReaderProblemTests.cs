using Slipway.Core.Requests;
using Slipway.Web.Requests;

namespace Slipway.Web.Tests.Requests;

/// <summary>One bad thing each: exactly one problem, at the right place, in the right words.</summary>
public sealed class ReaderProblemTests
{
    [Theory]
    [InlineData("relase: {title: x}", "relase", 1, 1, "an unknown field", "one of $schema, strategy, release", "release")]
    [InlineData("release: {titel: x}", "release.titel", 1, 11, "an unknown field", "one of title, version, id", "title")]
    [InlineData("release: {zzz: x}", "release.zzz", 1, 11, "an unknown field", "one of title", null)]
    [InlineData("release: {id: Search Index}", "release.id", 1, 15, "Search Index", "an id of 1 to 80", "search-index")]
    [InlineData("release: {change_type: cod}", "release.change_type", 1, 24, "cod", "one of code, infrastructure, configuration, data_migration", "code")]
    [InlineData("release: {declared_risk: hgih}", "release.declared_risk", 1, 26, "hgih", "one of low, medium, high, critical", "high")]
    [InlineData("release: {declared_risk: [low]}", "release.declared_risk", 1, 26, "a list", "one of low, medium, high, critical", null)]
    [InlineData("release: {start_at: 2026-12-01T09:00:00}", "release.start_at", 1, 21, "2026-12-01T09:00:00", "a date and time with its zone", null)]
    [InlineData("release: {start_at: 2026-02-31T09:00:00Z}", "release.start_at", 1, 21, "2026-02-31T09:00:00Z", "a date and time with its zone", null)]
    [InlineData("release: {title: \"a\\nBcc: b\"}", "release.title", 1, 18, "\"a Bcc: b\"", "text on one line", null)]
    [InlineData("release: nothing much", "release", 1, 10, "nothing much", "a mapping", null)]
    [InlineData("release: {title: a, title: b}", "release.title", 1, 21, "the key a second time", "each key once", null)]
    [InlineData("artifacts: {signed: yes}", "artifacts.signed", 1, 21, "yes", "true or false", "true")]
    [InlineData("artifacts: {signed: \"true\"}", "artifacts.signed", 1, 21, "\"true\"", "true or false, without quotes", "true")]
    [InlineData("changes: {files: [{path: a, action: renamed}]}", "changes.files[0].action", 1, 37, "renamed", "one of new, modified, deleted", null)]
    [InlineData("changes: {features: streaming}", "changes.features", 1, 21, "streaming", "a list", null)]
    [InlineData("environments: [{name: porduction}]", "environments[0].name", 1, 23, "porduction", "one of dev, staging, prod", "production")]
    [InlineData("environments: [{name: local}]", "environments[0].name", 1, 23, "local", "one of dev, staging, prod", null)]
    [InlineData("environments: [{name: prod}, {name: production}]", "environments[1].name", 1, 37, "prod a second time", "each environment once", null)]
    [InlineData("environments: [{order: 1}]", "environments[0].name", 1, 16, "nothing", "one of dev, staging, prod", null)]
    [InlineData("environments: [{name: prod, order: 0}]", "environments[0].order", 1, 36, "0", "a whole number from 1 to 1000", null)]
    [InlineData("environments: [{name: prod, infrastructure: kubernets}]", "environments[0].infrastructure", 1, 45, "kubernets", "one of kubernetes", "kubernetes")]
    [InlineData("strategy: cannary", "strategy", 1, 11, "cannary", "one of canary, blue_green, rolling, feature_flag, shadow", "canary")]
    [InlineData("flags: [{name: a}, {name: a}]", "flags[1].name", 1, 27, "a a second time", "a name that stands once in flags", null)]
    [InlineData("flags: [{name: \"\"}]", "flags[0].name", 1, 16, "\"\"", "a name", null)]
    [InlineData("flags: [search]", "flags[0]", 1, 9, "search", "a mapping", null)]
    [InlineData("flags: {name: search}", "flags", 1, 8, "a mapping", "a list of mappings", null)]
    [InlineData("flags: [{name: a, lever: targetting}]", "flags[0].lever", 1, 26, "targetting", "one of targeting, percentage", "targeting")]
    [InlineData("flags: [{name: a, lever: percentage, targeting: {segments: [b]}}]", "flags[0].targeting", 1, 49, "a mapping", "no segments and no overrides", null)]
    [InlineData("stages: [{percentage: 120, bake: 1h}]", "stages[0].percentage", 1, 23, "120", "a percentage from 0 to 100", null)]
    [InlineData("stages: [{percentage: -5, bake: 1h}, {percentage: 100, bake: 1h}]", "stages[0].percentage", 1, 23, "-5", "a percentage from 0 to 100", null)]
    [InlineData("stages: [{percentage: 0, bake: 1h}, {percentage: 100, bake: 1h}]", "stages[0].percentage", 1, 23, "0", "more than 0 %", null)]
    [InlineData("stages: [{percentage: 50, bake: 1h}, {percentage: 50, bake: 1h}, {percentage: 100, bake: 1h}]", "stages[1].percentage", 1, 51, "50", "more than the stage before, 50 %", null)]
    [InlineData("stages: [{percentage: 5, bake: 1h}, {percentage: 50, bake: 1h}]", "stages[1].percentage", 1, 50, "50", "100 % in the last stage", null)]
    [InlineData("stages: [{percentage: 100, bake: 0s}]", "stages[0].bake", 1, 34, "0s", "a duration above zero", null)]
    [InlineData("stages: [{percentage: 100, bake: -5m}]", "stages[0].bake", 1, 34, "-5m", "a duration above zero", null)]
    [InlineData("stages: [{percentage: 100, bake: 30}]", "stages[0].bake", 1, 34, "30", "a duration above zero", null)]
    [InlineData("stages: [{percentage: 100}]", "stages[0].bake", 1, 10, "nothing", "a duration above zero", null)]
    [InlineData("stages: [{bake: 1h}, {percentage: 100, bake: 1h}]", "stages[0].percentage", 1, 10, "nothing", "a percentage from 0 to 100", null)]
    [InlineData("stages: [{percentage: 100, bake: 2h, max_bake: 1h}]", "stages[0].max_bake", 1, 48, "1h", "at least the stage's bake, 2h", null)]
    [InlineData("guardrails: {error_rate: {limit: 0%}}", "guardrails.error_rate.limit", 1, 34, "0%", "a percentage above 0", null)]
    [InlineData("guardrails: {error_rate: {tolerated_ratio: 1.2}}", "guardrails.error_rate.limit", 1, 26, "nothing", "a percentage above 0", null)]
    [InlineData("guardrails: {error_rate: 1%}", "guardrails.error_rate", 1, 26, "1%", "a mapping", null)]
    [InlineData("guardrails: {error_rate: {limit: 1%, tolerated_ratio: 0.9}}", "guardrails.error_rate.tolerated_ratio", 1, 55, "0.9", "a number, 1 or more", null)]
    [InlineData("guardrails: {latency_p95: {limit: fast}}", "guardrails.latency_p95.limit", 1, 35, "fast", "a latency above zero, such as 250ms", null)]
    [InlineData("guardrails: {latancy_p95: {limit: 250ms}}", "guardrails.latancy_p95", 1, 14, "an unknown field", "one of", "latency_p95")]
    [InlineData("guardrails: {triggers: [{metric: error_rat, above: 1}]}", "guardrails.triggers[0].metric", 1, 34, "error_rat", "one of error_rate, latency_p50", "error_rate")]
    [InlineData("guardrails: {triggers: [{metric: error_rate}]}", "guardrails.triggers[0].above", 1, 25, "neither above nor below", "exactly one of above and below", null)]
    [InlineData("guardrails: {triggers: [{metric: error_rate, above: 1, below: 2}]}", "guardrails.triggers[0].below", 1, 63, "both above and below", "exactly one of above and below", null)]
    [InlineData("guardrails: {triggers: [{metric: error_rate, above: 250ms}]}", "guardrails.triggers[0].above", 1, 53, "250ms", "a percentage from 0 to 100", null)]
    [InlineData("guardrails: {triggers: [{metric: latency_p95, above: 5%}]}", "guardrails.triggers[0].above", 1, 54, "5%", "a latency above zero", null)]
    [InlineData("guardrails: {triggers: [{metric: error_rate, above: 1, action: rollback}]}", "guardrails.triggers[0].action", 1, 64, "rollback", "one of auto_rollback, alert, pause", null)]
    [InlineData("guardrails: {error_rate: {limit: 0.5%, warning: 0.6%}}", "guardrails.error_rate.warning", 1, 49, "0.6 %", "at most the limit, 0.5 %", null)]
    [InlineData("guardrails: {latency_p95: {limit: 500ms, warning: 300, target: 301}}", "guardrails.latency_p95.target", 1, 64, "301 ms", "at most the warning, 300 ms", null)]
    [InlineData("guardrails: {availability: {objective: 99.5%, target: 99.4%}}", "guardrails.availability.target", 1, 55, "99.4 %", "at least the objective, 99.5 %", null)]
    [InlineData("guardrails: {measurements: [{name: a, kind: memroy}]}", "guardrails.measurements[0].kind", 1, 45, "memroy", "one of custom, memory, cpu", "memory")]
    [InlineData("guardrails: {measurements: [{name: a, limit: 1, limit_per_hour: 5}]}", "guardrails.measurements[0].limit", 1, 46, "limit beside limit_per_hour", "either warning, limit, max_slope of a gauge", null)]
    [InlineData("guardrails: {measurements: [{name: a, warning: 2, limit: 1}]}", "guardrails.measurements[0].warning", 1, 48, "2", "a value on the better side of the limit (at most it)", null)]
    [InlineData("guardrails: {measurements: [{name: a, kind: cache_hit_rate, warning: 50, limit: 60}]}", "guardrails.measurements[0].warning", 1, 70, "50", "a value on the better side of the limit (at least it)", null)]
    [InlineData("guardrails: {measurements: [{name: a, tolerance: 10%}]}", "guardrails.measurements[0].tolerance", 1, 50, "a tolerance without expected_per_hour", "expected_per_hour, of which it is a share", null)]
    [InlineData("guardrails: {measurements: [{name: a, action: evaluate}]}", "guardrails.measurements[0].action", 1, 47, "evaluate", "one of alert, pause, auto_rollback", null)]
    [InlineData("guardrails: {measurements: [{name: a}, {name: a}]}", "guardrails.measurements[1].name", 1, 47, "a a second time", "a name that stands once in guardrails.measurements", null)]
    [InlineData("guardrails: {stage_to_stage: 0.9}", "guardrails.stage_to_stage", 1, 30, "0.9", "a number, 1 or more", null)]
    [InlineData("guardrails: {when_blind: {then: rolback}}", "guardrails.when_blind.then", 1, 33, "rolback", "one of rollback, pause", "rollback")]
    [InlineData("telemetry: {interval: 2h}", "telemetry.interval", 1, 23, "2h", "a duration from 1s to 1h", null)]
    [InlineData("telemetry: {interval: 500ms}", "telemetry.interval", 1, 23, "500ms", "a duration from 1s to 1h", null)]
    [InlineData("telemetry: {source: log-analytics}", "telemetry.source", 1, 21, "log-analytics", "one of embedded, log_analytics", "log_analytics")]
    [InlineData("preflight: {smoke: [{name: a, url: /health}]}", "preflight.smoke[0].url", 1, 36, "/health", "an absolute http or https URL", null)]
    [InlineData("preflight: {smoke: [{name: a, url: \"ftp://x/y\"}]}", "preflight.smoke[0].url", 1, 36, "\"ftp://x/y\"", "an absolute http or https URL", null)]
    [InlineData("preflight: {smoke: [{name: a, url: \"http://u:p@x/\"}]}", "preflight.smoke[0].url", 1, 36, "\"http://u:p@x/\"", "a URL without user name and password", null)]
    [InlineData("preflight: {smoke: [{name: a, url: \"http://x\", expect_status: 99}]}", "preflight.smoke[0].expect_status", 1, 63, "99", "a whole number from 100 to 599", null)]
    [InlineData("preflight: {security_scan: {max_high: -1}}", "preflight.security_scan.max_high", 1, 39, "-1", "a whole number from 0 to 100000", null)]
    [InlineData("gates: [{name: g, url: \"http://x\", stage: 25}]\nstages: [{percentage: 5, bake: 1h}, {percentage: 100, bake: 1h}]", "gates[0].stage", 1, 43, "25", "the percentage of one of the stages: 5, 100", null)]
    [InlineData("approvals: {team: {quorum: 0}}", "approvals.team.quorum", 1, 28, "0", "a whole number from 1 to 100", null)]
    [InlineData("approvals: {team: {approvers: [dana]}}", "approvals.team.approvers[0]", 1, 32, "dana", "a mail address", null)]
    [InlineData("communications: {stakeholders: [{name: a, email: a.b}]}", "communications.stakeholders[0].email", 1, 50, "a.b", "a mail address", null)]
    [InlineData("communications: {stakeholders: [{email: a@b.c, checkpoints: [starts]}]}", "communications.stakeholders[0].checkpoints[0]", 1, 62, "starts", "one of notice, start", "start")]
    [InlineData("operations: {windows: [\"Tue-Thu 10-14\"]}", "operations.windows[0]", 1, 24, "\"Tue-Thu 10-14\"", "a window such as", null)]
    [InlineData("operations: {windows: [\"Tue-Tho 10:00-14:00\"]}", "operations.windows[0]", 1, 24, "\"Tue-Tho 10:00-14:00\"", "days Mon, Tue", "Thu")]
    [InlineData("operations: {windows: [\"10:00-14:00 Europe/Berln\"]}", "operations.windows[0]", 1, 24, "\"10:00-14:00 Europe/Berln\"", "an IANA time zone", "Europe/Berlin")]
    [InlineData("operations: {windows: [\"25:00-26:00\"]}", "operations.windows[0]", 1, 24, "\"25:00-26:00\"", "times from 00:00 to 24:00", null)]
    [InlineData("operations: {freezes: [{from: 2026-12-20T00:00:00Z, to: 2026-12-20T00:00:00Z}]}", "operations.freezes[0].to", 1, 57, "2026-12-20T00:00:00Z", "a moment after from", null)]
    [InlineData("operations: {active_users: \"12\"}", "operations.active_users", 1, 28, "\"12\"", "a whole number, 0 or more", null)]
    [InlineData("operations: {traffic_rps: -1}", "operations.traffic_rps", 1, 27, "-1", "a number, 0 or more", null)]
    [InlineData("operations: {base_error_rate: 101%}", "operations.base_error_rate", 1, 31, "101%", "a percentage", null)]
    [InlineData("operations: {base_error_rate: few}", "operations.base_error_rate", 1, 31, "few", "a percentage", null)]
    [InlineData("guardrails: {when_undecided: aks}", "guardrails.when_undecided", 1, 30, "aks", "one of ", "ask")]
    [InlineData("guardrails: {when_undecided: wait}", "guardrails.when_undecided", 1, 30, "wait", "one of ask, promote", null)]
    [InlineData("- a", "", 1, 1, "a list", "a mapping with a release section", null)]
    [InlineData("just words", "", 1, 1, "just words", "a mapping with a release section", null)]
    public void One_bad_thing_is_one_problem(string yaml, string path, int line, int column, string found, string expected, string? suggestion)
    {
        var reading = ReleaseRequestReader.Read(YamlRequestDocument.Parse(yaml));

        Assert.Null(reading.Request);
        var problem = Assert.Single(reading.Problems);
        Assert.Equal(path, problem.Path);
        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.Equal(found, problem.Found);
        Assert.StartsWith(expected, problem.Expected, StringComparison.Ordinal);
        Assert.Equal(suggestion, problem.Suggestion);
    }

    [Fact]
    public void Every_problem_of_a_file_comes_at_once_and_in_file_order()
    {
        const string Yaml = """
            release:
              titel: Search
              declared_risk: lo
            strategy: canry
            flags:
              - { name: a, kill_switch: maybe }
              - { name: a }
            stages:
              - { percentage: 50, bake: 0m }
              - { percentage: 20, bake: 1h }
            guardrails:
              triggers: [{ metric: speed }]
            contact: {}
            """;

        var reading = ReleaseRequestReader.Read(YamlRequestDocument.Parse(Yaml));

        Assert.Equal(
            [
                "release.titel", "release.declared_risk", "strategy", "flags[0].kill_switch", "flags[1].name", "stages[0].bake",
                "stages[1].percentage", "stages[1].percentage", "guardrails.triggers[0].above", "guardrails.triggers[0].metric", "contact",
            ],
            reading.Problems.Select(problem => problem.Path));
        Assert.Equal(
            "release.titel (line 2, column 3): found an unknown field, expected one of title, version, id, from_version, problem, change_type, declared_risk, accelerate, "
            + "critical, start_at, requested_by, ticket, regulations, blast_radius, rollback_complexity, known_risks; did you mean 'title'?",
            reading.Problems[0].ToString());
        Assert.Equal("contacts", reading.Problems[^1].Suggestion);
    }

    [Fact]
    public void A_flood_of_problems_is_cut_off_and_says_so()
    {
        var yaml = string.Join('\n', Enumerable.Range(0, 2000).Select(index => $"field{index}: x"));

        var reading = ReleaseRequestReader.Read(YamlRequestDocument.Parse(yaml));

        Assert.Equal(RequestLimits.MaxProblems + 1, reading.Problems.Count);
        Assert.Equal("1500 more problems", reading.Problems[^1].Found);
    }

    [Fact]
    public void All_expands_to_the_three_environments_and_production_means_prod()
    {
        var all = ReleaseRequestReader.Read(YamlRequestDocument.Parse("environments: [{name: all}]")).Request!;
        var prod = ReleaseRequestReader.Read(YamlRequestDocument.Parse("environments: [{name: production, order: 2}, {name: development, order: 1}]")).Request!;

        Assert.Equal([EnvironmentName.Dev, EnvironmentName.Staging, EnvironmentName.Prod], all.Environments.Select(environment => environment.Name));
        Assert.Equal([1, 2, 3], all.Environments.Select(environment => environment.Order));
        Assert.Equal([EnvironmentName.Dev, EnvironmentName.Prod], prod.Environments.Select(environment => environment.Name));
    }

    [Fact]
    public void Nulls_are_values_that_are_not_stated()
    {
        var reading = ReleaseRequestReader.Read(YamlRequestDocument.Parse("release: {title: ~, version: null}\nstages:\nrollback:\n"));

        Assert.Empty(reading.Problems);
        Assert.Equal("", reading.Request!.Release.Title);
        Assert.Null(reading.Request.Rollback);
    }
}
