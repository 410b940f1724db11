using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Scenarios.World;

/// <summary>Requests with values beside their limits: those of a sign-in service that answers in 150 ms and fails for 0.05 % of its requests.</summary>
internal static class BandedRequests
{
    /// <summary>The guardrails: baseline, target, warning and limit of each.</summary>
    public static GuardrailSpec Guardrails { get; } = new()
    {
        ErrorRate = new LimitSpec(0.5m) { Band = new MetricBand(0.05m, 0.1m, 0.15m) },
        LatencyP95 = new LimitSpec(500) { Band = new MetricBand(150, 200, 300) },
        Availability = new Percentage(99.5m),
        AvailabilityBand = new MetricBand(99.95m, 99.9m, 99.8m),
    };

    /// <summary>10, 50 and 100 % with bakes of two hours, or others.</summary>
    public static ReleaseRequest Canary(params IReadOnlyList<(decimal Percentage, TimeSpan Bake)> stages) => Requests.Canary() with
    {
        Guardrails = Guardrails,
        Stages = stages.Count > 0
            ? [.. stages.Select(stage => new StageSpec { Percentage = new Percentage(stage.Percentage), Bake = stage.Bake })]
            : [.. ((decimal[])[10, 50, 100]).Select(percentage => new StageSpec { Percentage = new Percentage(percentage), Bake = TimeSpan.FromHours(2) })],
    };

    /// <summary>A dark launch: all code at 0 % for an hour, then 10 and 100 %.</summary>
    public static ReleaseRequest Dark() => Canary((0, TimeSpan.FromHours(1)), (10, TimeSpan.FromMinutes(20)), (100, TimeSpan.FromMinutes(20))) with
    {
        Strategy = RolloutStrategy.FeatureFlag,
        Flags = [Requests.Canary().Flags[0] with { Segments = ["beta"] }],
        Deploy = new DeploySpec { Hook = new Uri("http://127.0.0.1/deploy"), Within = TimeSpan.FromMinutes(10) },
    };

    /// <summary>A service that is as usual: both versions alike, so that nothing speaks but its own values.</summary>
    public static ReleaseWorld World(double rps = 2000)
    {
        var world = new ReleaseWorld();
        world.Service.Rps = rps;
        world.Service.ErrorRate = (_, _) => 0.0005;
        world.Service.Latency = (_, _) => 150;
        return world;
    }
}
