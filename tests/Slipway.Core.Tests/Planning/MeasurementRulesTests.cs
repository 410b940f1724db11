using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Planning;

public sealed class MeasurementRulesTests
{
    [Fact]
    public void A_measurement_that_no_stage_could_judge_is_refused()
    {
        var request = SampleRequests.Request();
        var planned = Planner.Draft(request);
        var shortest = planned.Stages.Min(stage => stage.MaxBake);
        var problems = Planner.Plan(request with
        {
            Guardrails = request.Guardrails with
            {
                Measurements =
                [
                    new MeasurementSpec { Name = "pool", Limit = 9, Stages = [new(33)] },
                    new MeasurementSpec { Name = "heap", MaxSlope = 1, SlopeOver = shortest + TimeSpan.FromMinutes(1) },
                    new MeasurementSpec { Name = "cpu", MaxSlope = 1, SlopeOver = shortest, Stages = [planned.Stages[0].Percentage] },
                ],
            },
        }).Problems.Where(problem => problem.Path.StartsWith("guardrails", StringComparison.Ordinal)).ToList();

        Assert.Equal(["guardrails.measurements[0].stages", "guardrails.measurements[1].slope_over"], problems.Select(problem => problem.Path));
        Assert.Equal("33 %", problems[0].Found);
        Assert.Contains("at most the longest bake of each stage", problems[1].Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_latency_at_which_something_is_decided_is_counted_exactly()
    {
        var plan = Planner.Draft(SampleRequests.Request() with
        {
            Guardrails = new GuardrailSpec
            {
                LatencyP95 = new LimitSpec(500) { Band = new MetricBand(150, 200, 300), WithinBaseline = new(10) },
                Triggers = [new TriggerSpec { Metric = "latency_p99", Above = 900 }],
            },
        });
        Assert.Equal([165, 199.9, 300, 500, 900], plan.Watch.Edges);
        Assert.All(plan.Environments, environment => Assert.Equal(plan.Watch.Edges, environment.Watch.Edges));
    }
}
