using Microsoft.FeatureManagement.FeatureFilters;
using Slipway.Core.Analysis;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Flags;

namespace Slipway.Embedded.Tests.Flags;

/// <summary>What Slipway writes, judged by Microsoft.FeatureManagement itself.</summary>
public sealed class RealFeatureTests
{
    private static readonly string[] Users = [.. Enumerable.Range(0, 2000).Select(number => $"user-{number}@example.com")];

    private static readonly FlagSpec Search = new() { Name = "search-v2" };

    private static readonly string Off = FlagJson.CreateOff("search-v2", "Streaming search");

    [Theory]
    [InlineData(5)]
    [InlineData(25)]
    [InlineData(50)]
    [InlineData(99.5)]
    [InlineData(100)]
    public async Task SetExposure_AtAShare_ExposesThatShareAndTheUsersThatTheHashNames(double percent)
    {
        var exposure = new Percentage((decimal)percent);
        using var features = RealFeatures.Of("search-v2", FlagJson.SetExposure(Off, Search, exposure));

        var seeing = await features.WhoSeesAsync("search-v2", Users);

        Assert.Equal(Users.Where(user => TargetingHash.Includes(user, "search-v2", exposure)).ToHashSet(), seeing);
        Assert.InRange(seeing.Count / 20.0, percent - 2.5, percent + 2.5);
    }

    [Fact]
    public async Task SetExposure_Growing_KeepsEveryUserThatWasIn()
    {
        var before = new HashSet<string>();
        var json = Off;
        foreach (var percent in new[] { 5, 25, 50, 100 })
        {
            json = FlagJson.SetExposure(json, Search, new Percentage(percent));
            using var features = RealFeatures.Of("search-v2", json);
            var seeing = await features.WhoSeesAsync("search-v2", Users);
            Assert.Superset(before, seeing);
            Assert.Equal(seeing, await features.WhoSeesAsync("search-v2", Users));
            before = seeing;
        }

        Assert.Equal(Users.Length, before.Count);
    }

    [Fact]
    public async Task SetExposure_SegmentsAndOverrides_SeeTheFlagFromTheFirstStageOn()
    {
        var spec = Search with { Segments = ["beta"], Overrides = ["dana@example.com"] };
        using var features = RealFeatures.Of("search-v2", FlagJson.SetExposure(Off, spec, new Percentage(0.001m)));

        Assert.True(await features.SeesAsync("search-v2", "dana@example.com"));
        Assert.False(await features.SeesAsync("search-v2", "erin@example.com"));
        foreach (var user in Users.Take(200))
        {
            Assert.True(await features.SeesAsync("search-v2", user, "beta"));
        }
    }

    [Fact]
    public async Task SetExposure_Zero_ExposesNobodyNotEvenSegmentsAndOverrides()
    {
        var spec = Search with { Segments = ["beta"], Overrides = ["dana@example.com"] };
        var on = FlagJson.SetExposure(Off, spec, Percentage.Full);
        using var features = RealFeatures.Of("search-v2", FlagJson.SetExposure(on, spec, Percentage.Zero));

        Assert.Empty(await features.WhoSeesAsync("search-v2", Users));
        Assert.False(await features.SeesAsync("search-v2", "dana@example.com"));
        Assert.False(await features.SeesAsync("search-v2", "user-1", "beta"));
    }

    [Fact]
    public async Task CreateOff_IsOffForEverybody()
    {
        using var features = RealFeatures.Of("search-v2", Off);
        Assert.Empty(await features.WhoSeesAsync("search-v2", Users));
    }

    [Fact]
    public async Task SetExposure_BesideAFilterThatLetsEverybodyIn_StillBoundsTheShare()
    {
        const string open = """
            {"id":"search-v2","enabled":false,"conditions":{"client_filters":[
            {"name":"Microsoft.TimeWindow","parameters":{"Start":"2001-01-01T00:00:00Z"}}]}}
            """;
        var json = FlagJson.SetExposure(open, Search, new Percentage(25));
        using var features = RealFeatures.Of("search-v2", json);

        Assert.Equal(
            Users.Where(user => TargetingHash.Includes(user, "search-v2", new Percentage(25))).ToHashSet(),
            await features.WhoSeesAsync("search-v2", Users));
        Assert.Equal(new Percentage(25), FlagJson.Parse("search-v2", json, "1").Exposure);
    }

    [Fact]
    public async Task SetExposure_KeepsAnExclusionInForce()
    {
        const string excluding = """
            {"id":"search-v2","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{
            "Audience":{"DefaultRolloutPercentage":0,"Exclusion":{"Users":["user-7@example.com"]}}}}]}}
            """;
        using var features = RealFeatures.Of("search-v2", FlagJson.SetExposure(excluding, Search, Percentage.Full));

        Assert.Equal(Users.Except(["user-7@example.com"]).ToHashSet(), await features.WhoSeesAsync("search-v2", Users));
    }

    [Fact]
    public async Task PercentageLever_RollsAboutTheShareAnewEachTime()
    {
        var spec = Search with { Lever = FlagLever.Percentage };
        using var none = RealFeatures.Of("search-v2", FlagJson.SetExposure(Off, spec, Percentage.Zero));
        using var half = RealFeatures.Of("search-v2", FlagJson.SetExposure(Off, spec, new Percentage(50)));
        using var full = RealFeatures.Of("search-v2", FlagJson.SetExposure(Off, spec, Percentage.Full));

        Assert.Empty(await none.WhoSeesAsync("search-v2", Users));
        Assert.InRange((await half.WhoSeesAsync("search-v2", Users)).Count, 800, 1200);
        Assert.Equal(Users.Length, (await full.WhoSeesAsync("search-v2", Users)).Count);
    }

    [Fact]
    public void PercentageFilterOfTheLibrary_TakesWholeNumbers_WhichIsWhyOthersAreRefused() =>
        Assert.Equal(typeof(int), typeof(PercentageFilterSettings).GetProperty(nameof(PercentageFilterSettings.Value))!.PropertyType);

    [Fact]
    public async Task TargetingHash_ForAGroup_AgreesWithTheLibrary()
    {
        const string grouped = """
            {"id":"search-v2","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{
            "Audience":{"Groups":[{"Name":"beta","RolloutPercentage":40}],"DefaultRolloutPercentage":0}}}]}}
            """;
        using var features = RealFeatures.Of("search-v2", grouped);
        foreach (var user in Users)
        {
            Assert.Equal(TargetingHash.PositionOf(user, "search-v2", "beta") < 40, await features.SeesAsync("search-v2", user, "beta"));
        }
    }
}
