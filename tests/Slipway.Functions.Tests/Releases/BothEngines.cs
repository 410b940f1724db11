using Slipway.Core.Policy;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Functions.Tests.Releases;

/// <summary>The same release on both engines, in virtual time: their ledgers say the same at the same moments.</summary>
public sealed class BothEngines
{
    /// <summary>A world on the embedded engine; every other world of this assembly is on Durable Task.</summary>
    internal static ReleaseWorld Embedded(ServerPolicy? policy = null)
    {
        using (ScenarioEngines.Use((database, registry, time) => new EmbeddedScenarioEngine(database, registry, time))) return new ReleaseWorld(policy);
    }

    [Theory]
    [InlineData("canary", false)]
    [InlineData("canary", true)]
    [InlineData("blue-green", false)]
    [InlineData("blue-green", true)]
    [InlineData("canary by the hook", true)]
    [InlineData("shadow", false)]
    [InlineData("dark launch", false)]
    [InlineData("an integration and gates", false)]
    [InlineData("two environments", true)]
    public async Task Tell_the_same_story_entry_for_entry(string course, bool bad)
    {
        var request = RequestOf(course);
        await using var durable = new ReleaseWorld();
        await using var embedded = Embedded();
        var (one, other) = (await LedgerAsync(durable, request, bad), await LedgerAsync(embedded, request, bad));
        Assert.NotEmpty(await embedded.HistoryAsync((await embedded.InstancesAsync())[0].Id));
        Assert.Throws<InvalidCastException>(() => { _ = durable.HistoryAsync(""); });
        Assert.Equal(other, one);
        Assert.Equal(embedded.Hook.Took.Select(took => (took.At, took.Step.Sentence)), durable.Hook.Took.Select(took => (took.At, took.Step.Sentence)));
        Assert.Equal(embedded.Mailer.Sent.Select(sent => (sent.At, sent.Mail.To, sent.Mail.Subject)), durable.Mailer.Sent.Select(sent => (sent.At, sent.Mail.To, sent.Mail.Subject)));
    }

    private static async Task<IReadOnlyList<string>> LedgerAsync(ReleaseWorld world, ReleaseRequest request, bool bad)
    {
        if (bad) world.Service.ErrorRate = (canary, _) => canary ? 0.2 : 0.002;
        var release = await world.StartAsync(request);
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
        return [.. (await world.LedgerAsync(release)).Select(entry => $"{entry.At:O} {entry.Actor} {entry.Type} {entry.Body}")];
    }

    private static ReleaseRequest RequestOf(string course) => course switch
    {
        "shadow" => StrategyRequests.Shadow(),
        "dark launch" => StrategyRequests.Dark(),
        "canary by the hook" => StrategyRequests.CanaryByHook(),
        "blue-green" => StrategyRequests.BlueGreen(),
        "two environments" => Scenarios.Stories.EnvironmentStories.StagingThenProd(),
        "an integration and gates" => Requests.Canary() with
        {
            Gates = [new HttpGateSpec { Name = "before", Url = new Uri("http://127.0.0.1/before") }, new HttpGateSpec { Name = "during", Url = new Uri("http://127.0.0.1/during"), When = GateTiming.DuringBake }],
            Preflight = Requests.Canary().Preflight with { Dependencies = new DependencySpec { ExternalApis = [new ExternalApiDependency { Name = "geo", Health = new Uri("http://127.0.0.1/geo") }] } },
        },
        _ => Requests.Canary(),
    };
}
