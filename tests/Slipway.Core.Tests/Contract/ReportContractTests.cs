using System.Text.Json.Nodes;
using Slipway.Core.Ledgers;
using Slipway.Core.Reporting;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Contract;

public sealed class ReportContractTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(ReportContract.Schema)!;

    private static JsonObject Report(string sample)
    {
        // The middle of the trail is left out, so that some hundred validations stay quick.
        var entries = SampleLedgers.All[sample];
        var state = ReleaseState.Fold(entries);
        state = state with { Audit = state.Audit.GetRange(0, 3) };
        return JsonNode.Parse(ReportJson.Write(ReleaseReporter.Report(state, entries[^1].At.AddSeconds(5))))!.AsObject();
    }

    [Fact]
    [Trait("requirement", "S002-54")]
    public void Properties_stand_in_the_order_of_the_contract()
    {
        foreach (var sample in SampleLedgers.All.Keys) AssertOrder(Schema["$defs"]!["releaseExecution"]!, Report(sample), "$");
    }

    [Fact]
    [Trait("requirement", "S002-51")]
    public void Each_of_the_148_leaves_removed_or_null_is_rejected()
    {
        var leaves = Leaves(Schema["$defs"]!["releaseExecution"]!, []).ToList();
        Assert.Equal(148, leaves.Count);
        var report = Report("completed");
        Assert.Empty(ReportContract.Problems(report.ToJsonString()));
        foreach (var leaf in leaves)
        {
            var name = string.Join('.', leaf);
            var removed = report.DeepClone();
            Assert.True(Owner(removed, leaf).Remove(leaf[^1]), name);
            Assert.True(ReportContract.Validator.Validate(removed.ToJsonString()).Count > 0, $"{name} removed");
            var nulled = report.DeepClone();
            Owner(nulled, leaf)[leaf[^1]] = null;
            Assert.True(ReportContract.Validator.Validate(nulled.ToJsonString()).Count > 0, $"{name} null");
        }
    }

    [Fact]
    [Trait("requirement", "S002-51")]
    public void An_extra_key_is_rejected_at_every_level()
    {
        var report = Report("completed");
        report["extra"] = 1;
        Assert.NotEmpty(ReportContract.Validator.Validate(report.ToJsonString()));
        var nested = Report("completed");
        nested["canary_analysis"]!["metrics"]!["custom_metrics"]![0]!["delta"] = 0;
        Assert.NotEmpty(ReportContract.Validator.Validate(nested.ToJsonString()));
    }

    [Theory]
    [Trait("requirement", "S002-53")]
    [Trait("requirement", "S002-148")]
    [Trait("requirement", "S002-177")]
    [Trait("requirement", "S002-178")]
    [Trait("requirement", "S002-179")]
    [Trait("requirement", "S002-180")]
    [Trait("requirement", "S002-181")]
    [Trait("requirement", "S002-182")]
    [InlineData("completed", "progressive_rollout.current_percentage", "99")]
    [InlineData("completed", "progressive_rollout.stages.0.status", "\"active\"")]
    [InlineData("completed", "rollback_status.required", "true")]
    [InlineData("completed", "pre_deployment.checks.0.status", "\"fail\"")]
    [InlineData("completed", "compliance.approval_board", "\"pending\"")]
    [InlineData("completed", "deployment_plan.environments.0.status", "\"deploying\"")]
    [InlineData("completed", "deployment_artifacts.communication.stakeholders_notified", "false")]
    [InlineData("completed", "post_deployment.smoke_tests.failed", "1")]
    [InlineData("completed", "canary_analysis.recommendation", "\"extend_analysis\"")]
    [InlineData("completed", "canary_analysis.metrics.latency_p95.verdict", "\"fail\"")]
    [InlineData("completed", "next_actions.0.scheduled_for", "\"1970-01-01T00:00:00Z\"")]
    [InlineData("completed", "feature_flags.0.percentage", "50")]
    [InlineData("rolled_back", "rollback_status.success", "false")]
    [InlineData("rolled_back", "rollback_status.completed_at", "\"1970-01-01T00:00:00Z\"")]
    [InlineData("rolled_back", "rollback_status.reason", "\"\"")]
    [InlineData("rolled_back", "progressive_rollout.current_percentage", "5")]
    [InlineData("rolled_back", "next_actions", "[]")]
    [InlineData("failed_rollback", "status", "\"in_progress\"")]
    [InlineData("running", "next_actions", "[]")]
    [InlineData("running", "rollback_status.started_at", "\"2026-03-02T09:00:00Z\"")]
    [InlineData("running", "rollback_status.duration_minutes", "1")]
    [InlineData("running", "pre_deployment.checks.0.status", "\"fail\"")]
    [InlineData("running", "progressive_rollout.stages.3.started_at", "\"2026-03-02T09:00:00Z\"")]
    [InlineData("running", "monitoring.alerts.0.timestamp", "\"2026-03-02T09:00:00Z\"")]
    public void A_report_that_breaks_a_cross_field_rule_is_rejected_by_the_strict_rules_only(string sample, string path, string value)
    {
        var report = Report(sample);
        Assert.Empty(ReportContract.Problems(report.ToJsonString()));
        Set(report, path.Split('.'), JsonNode.Parse(value));
        Assert.Empty(ReportContract.Validator.Validate(report.ToJsonString()));
        Assert.NotEmpty(ReportContract.Validator.Validate(report.ToJsonString(), ReportContract.Strict));
    }

    private static void AssertOrder(JsonNode schema, JsonNode value, string path)
    {
        var resolved = Resolved(schema);
        if (value is JsonArray items)
        {
            foreach (var item in items) AssertOrder(resolved["items"]!, item!, path + "[]");
        }
        else if (value is JsonObject members && resolved["properties"] is JsonObject properties)
        {
            Assert.True(properties.Select(property => property.Key).SequenceEqual(members.Select(member => member.Key)), path);
            foreach (var (name, member) in members) AssertOrder(properties[name]!, member!, $"{path}.{name}");
        }
    }

    private static IEnumerable<string[]> Leaves(JsonNode schema, string[] path)
    {
        var resolved = Resolved(schema);
        if (resolved["items"] is { } items && Resolved(items)["properties"] is not null) resolved = Resolved(items);
        return resolved["properties"] is JsonObject properties
            ? properties.SelectMany(property => Leaves(property.Value!, [.. path, property.Key]))
            : [path];
    }

    private static JsonNode Resolved(JsonNode schema) => schema["$ref"] is { } reference
        ? Schema["$defs"]![((string)reference!).Split('/')[^1]]!
        : schema;

    private static JsonObject Owner(JsonNode report, string[] leaf)
    {
        foreach (var name in leaf[..^1])
        {
            report = report[name]!;
            if (report is JsonArray items) report = items[0]!;
        }

        return report.AsObject();
    }

    private static void Set(JsonNode report, string[] path, JsonNode? value)
    {
        foreach (var name in path[..^1]) report = report is JsonArray items ? items[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]! : report[name]!;
        report[path[^1]] = value;
    }
}
