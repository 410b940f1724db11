using Slipway.Core.Planning.Intake;
using Slipway.Core.Policy;
using Slipway.Web.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Web.Tests.Api;

public sealed class IntakeTests
{
    private const string Yaml = "application/yaml";

    [Theory]
    [Trait("requirement", "S001-06")]
    [Trait("requirement", "S002-50")]
    [Trait("requirement", "S004-215")]
    [Trait("requirement", "X03")]
    [InlineData("/api/releases")]
    [InlineData("/api/releases/validate")]
    public async Task Start_InsufficientContext_TouchesNoPort(string path)
    {
        var world = new ApiWorld();
        world.Flags.Down = true;

        var answer = await world.SendAsync("POST", path, "release:\n  title: Search\n", Yaml);

        Assert.True(answer.Status == 422, answer.Body);
        Assert.Empty(world.Engine.Scheduled);
        Assert.Empty(world.Engine.Woken);
        Assert.Empty(await world.Ledger.ListAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [Trait("requirement", "X03")]
    [InlineData(IntakeProfile.Standard, 201)]
    [InlineData(IntakeProfile.Strict, 422)]
    public async Task Start_SmallRequest_IsEnoughUnlessThePolicyIsStrict(IntakeProfile profile, int status)
    {
        var world = new ApiWorld(policy: ServerPolicy.Default with { Intake = profile });
        await world.Flags.CreateOffAsync("search-v2", TestContext.Current.CancellationToken);

        var answer = await world.SendAsync("POST", "/api/releases", Samples.Small, Yaml);

        Assert.True(answer.Status == status, answer.Body);
        if (status == 422) Assert.Contains("release.ticket: the change ticket", answer.Json.GetProperty("missing").EnumerateArray().Select(text => text.GetString()));
        Assert.Equal(status == 201 ? 1 : 0, world.Engine.Scheduled.Count);
    }

    [Fact]
    public async Task Start_SameRequestAfterItsDate_IsStillTheReleaseThatWasStarted()
    {
        var world = new ApiWorld();
        var dated = Samples.Small.Replace("declared_risk: low", "declared_risk: low\n  start_at: 2026-12-01T10:00:00Z", StringComparison.Ordinal);
        var release = await world.StartSampleAsync(dated);
        await world.Flags.DeleteAllAsync();

        var answer = await world.SendAsync("POST", "/api/releases", dated, Yaml);

        Assert.True(answer.Status == 200, answer.Body);
        Assert.Single(await world.Ledger.ReadAsync(release, 0, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("requirement", "S000-53")]
    public async Task Start_MarkdownBrief_IsReadAndAskedForWhatItLacks()
    {
        var world = new ApiWorld();

        var answer = await world.SendAsync("POST", "/api/releases", BriefExample.Text, "text/markdown; charset=utf-8");

        Assert.True(answer.Status == 422, answer.Body);
        var missing = answer.Json.GetProperty("missing").EnumerateArray().Select(text => text.GetString()!.Split(':')[0]).ToList();
        Assert.Contains("release.version", missing);
        Assert.DoesNotContain("release.title", missing);
        Assert.DoesNotContain("environments", missing);
    }
}
