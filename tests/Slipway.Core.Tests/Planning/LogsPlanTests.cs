using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Planning;

public sealed class LogsPlanTests
{
    private const string Workspace = "\"source\": \"log_analytics\", \"workspace\": \"3f0c2a8e-0000-4000-8000-000000000000\"";

    [Fact]
    public void A_request_of_another_source_has_no_plan_of_logs_and_is_written_as_before()
    {
        var watch = Planner.Draft(Given.SmallWith("telemetry", "{}")).Watch;
        Assert.Null(watch.Logs);
        Assert.DoesNotContain("logs", System.Text.Json.JsonSerializer.Serialize(watch, SlipwayJson.Options), StringComparison.Ordinal);
        Assert.DoesNotContain("arm_property", System.Text.Json.JsonSerializer.Serialize(new TelemetrySpec(), SlipwayJson.Options), StringComparison.Ordinal);
    }

    [Fact]
    public void The_plan_names_what_is_to_be_read()
    {
        var request = Given.SmallWith("telemetry", $$"""{ {{Workspace}}, "role": "search-api", "arm_property": "version", "region_property": "geo" }""") with
        {
            Guardrails = new GuardrailSpec
            {
                Kpis = [new KpiSpec("orders", KpiDirection.HigherIsBetter, new Percentage(2))],
                Measurements =
                [
                    new MeasurementSpec { Name = "heap_mb", Kind = MeasurementKind.Memory },
                    new MeasurementSpec { Name = "used", Kind = MeasurementKind.Capacity },
                ],
            },
        };

        var logs = Planner.Draft(request).Watch.Logs!;

        Assert.Equal(("search-api", "version", "geo"), (logs.Role, logs.ArmProperty, logs.RegionProperty));
        Assert.Equal(request.Flags[0].Name, logs.Flag);
        Assert.Equal(["orders"], logs.Kpis);
        Assert.Equal(["heap_mb", "used"], logs.Measurements);
        Assert.Equal(["heap_mb"], Planner.Draft(request with { Operations = request.Operations with { CapacityRps = 100 } }).Watch.Logs!.Measurements);
    }

    [Fact]
    public void Left_out_the_role_is_the_service_and_the_region_is_region()
    {
        var logs = Planner.Draft(Given.SmallWith("telemetry", $$"""{ {{Workspace}} }""")).Watch.Logs!;
        Assert.Equal((null, null, "region"), (logs.Role, logs.ArmProperty, logs.RegionProperty));
    }

    [Theory]
    [InlineData(TelemetrySource.Embedded, "log_analytics", "embedded: that is what this server reads")]
    [InlineData(TelemetrySource.LogAnalytics, "embedded", "log_analytics: that is what this server reads")]
    public void A_source_that_the_server_does_not_read_is_refused(TelemetrySource server, string found, string expected)
    {
        var result = Planner.Plan(Given.SmallWith("telemetry", $$"""{ {{(found == "embedded" ? "" : Workspace)}} }"""), source: server);
        Assert.Null(result.Plan);
        var problem = Assert.Single(result.Problems);
        Assert.Equal(("telemetry.source", found, expected), (problem.Path, problem.Found, problem.Expected));
    }

    [Fact]
    public void A_server_that_reads_log_analytics_plans_it() =>
        Assert.NotNull(Planner.Plan(Given.SmallWith("telemetry", $$"""{ {{Workspace}}, "queries": { "requests": "MyRequests" } }"""), source: TelemetrySource.LogAnalytics).Plan);

    [Theory]
    [InlineData("\"source\": \"log_analytics\", \"workspace\": \"contoso-logs\"", "telemetry.workspace")]
    [InlineData(Workspace + ", \"queries\": { \"request\": \"T\" }", "telemetry.queries.request")]
    public void What_would_leave_it_without_sight_is_refused(string telemetry, string path)
    {
        var problem = Assert.Single(Planner.Plan(Given.SmallWith("telemetry", $$"""{ {{telemetry}} }"""), source: TelemetrySource.LogAnalytics).Problems);
        Assert.Equal(path, problem.Path);
        if (path.EndsWith("request", StringComparison.Ordinal)) Assert.Equal("requests", problem.Suggestion);
    }

    [Fact]
    public void Two_things_of_one_name_are_refused_since_a_query_goes_by_its_name()
    {
        var request = Given.SmallWith("telemetry", $$"""{ {{Workspace}} }""") with
        {
            Guardrails = new GuardrailSpec { Kpis = [new KpiSpec("orders", KpiDirection.HigherIsBetter, new Percentage(2))], Measurements = [new MeasurementSpec { Name = "orders" }] },
        };
        Assert.Equal("guardrails.kpis", Assert.Single(Planner.Plan(request, source: TelemetrySource.LogAnalytics).Problems).Path);
    }

    [Fact]
    public void Without_flag_property_and_query_nothing_says_which_version_a_request_got()
    {
        var request = Given.SmallWith("telemetry", $$"""{ {{Workspace}} }""") with { Flags = [] };
        Assert.Contains(Planner.Plan(request, source: TelemetrySource.LogAnalytics).Problems, problem => problem.Path == "telemetry.arm_property");
        var stated = request with { Telemetry = request.Telemetry! with { ArmProperty = "version" } };
        Assert.DoesNotContain(Planner.Plan(stated, source: TelemetrySource.LogAnalytics).Problems, problem => problem.Path == "telemetry.arm_property");
    }
}
