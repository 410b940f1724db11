using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Scenarios.World;

/// <summary>Requests of every strategy, with ten-minute bakes.</summary>
internal static class StrategyRequests
{
    public static readonly IReadOnlyList<string> Regions = ["westeurope", "northeurope", "eastus", "japaneast"];

    /// <summary>A canary without a flag: the deploy hook moves the traffic.</summary>
    public static ReleaseRequest CanaryByHook() => Requests.Canary() with { Flags = [], Deploy = Hook };

    /// <summary>Blue-green over 0, 10 and 100 %, the share by the hook.</summary>
    public static ReleaseRequest BlueGreen() => CanaryByHook() with { Strategy = RolloutStrategy.BlueGreen, Stages = [Stage(10), Stage(100)] };

    /// <summary>The same, the share by a flag.</summary>
    public static ReleaseRequest BlueGreenByFlag() => BlueGreen() with { Flags = Requests.Canary().Flags };

    /// <summary>Region by region over four regions.</summary>
    public static ReleaseRequest Rolling() => CanaryByHook() with
    {
        Strategy = RolloutStrategy.Rolling,
        Environments = [new EnvironmentSpec { Name = EnvironmentName.Prod, Regions = Regions }],
        Stages = [Stage(25), Stage(50), Stage(75), Stage(100)],
        Rollback = new RollbackSpec { Code = new CodeRollbackSpec(new Uri("http://127.0.0.1/deploy"), "2.3.7") },
    };

    /// <summary>A shadow, then 10 and 100 % by a flag.</summary>
    public static ReleaseRequest Shadow() => BlueGreenByFlag() with { Strategy = RolloutStrategy.Shadow };

    /// <summary>A dark launch: code at 0 %, then 10 and 100 % by a flag, which a segment sees from the first stage on.</summary>
    public static ReleaseRequest Dark() => BlueGreenByFlag() with
    {
        Strategy = RolloutStrategy.FeatureFlag,
        Flags = [Requests.Canary().Flags[0] with { Segments = ["beta"] }],
        Stages = [Stage(0), Stage(10), Stage(100)],
    };

    private static DeploySpec Hook => new() { Hook = new Uri("http://127.0.0.1/deploy"), Within = TimeSpan.FromMinutes(10) };

    private static StageSpec Stage(decimal percentage) => new() { Percentage = new Percentage(percentage), Bake = TimeSpan.FromMinutes(10) };
}
