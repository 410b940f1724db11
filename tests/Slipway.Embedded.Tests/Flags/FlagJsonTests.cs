using System.Text.Json.Nodes;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Flags;

namespace Slipway.Embedded.Tests.Flags;

public sealed class FlagJsonTests
{
    private const string Rich = """
        {"x_first":1,"id":"f","description":"d","display_name":"F","enabled":false,
        "conditions":{"requirement_type":"All","x_note":"é ü","client_filters":[
        {"name":"Custom.Tenant","parameters":{"Tenants":["a"]}},
        {"name":"Microsoft.Targeting","parameters":{"x":true,"Audience":{"Users":["ann"],"Groups":[{"Name":"staff","RolloutPercentage":50}],
        "DefaultRolloutPercentage":0,"Exclusion":{"Users":["bob"],"Groups":[]}}}}]},
        "variants":[{"name":"On","configuration_value":{"n":1.50},"status_override":"None"}],
        "allocation":{"percentile":[{"variant":"On","from":0,"to":100}],"seed":"s"},
        "telemetry":{"enabled":true,"metadata":{"k":"v"}},"x_last":null}
        """;

    private static readonly FlagSpec Spec = new() { Name = "f" };

    [Fact]
    public void SetExposure_OnARichFlag_ChangesOnlyWhatSlipwayOwns()
    {
        var patched = FlagJson.SetExposure(Rich, Spec with { Segments = ["beta", "staff"], Overrides = ["ann", "dana"] }, new Percentage(12.5m));

        var expected = Rich
            .Replace("\"enabled\":false", "\"enabled\":true", StringComparison.Ordinal)
            .Replace("[\"ann\"]", "[\"ann\",\"dana\"]", StringComparison.Ordinal)
            .Replace(
                "{\"Name\":\"staff\",\"RolloutPercentage\":50}",
                "{\"Name\":\"staff\",\"RolloutPercentage\":100},{\"Name\":\"beta\",\"RolloutPercentage\":100}",
                StringComparison.Ordinal)
            .Replace("\"DefaultRolloutPercentage\":0", "\"DefaultRolloutPercentage\":12.5", StringComparison.Ordinal)
            .Replace("\n", "", StringComparison.Ordinal);
        Assert.Equal(expected, patched);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(100)]
    public void SetExposure_Twice_GivesTheSameText(int percent)
    {
        var spec = Spec with { Segments = ["beta"], Overrides = ["dana"] };
        var once = FlagJson.SetExposure(Rich, spec, new Percentage(percent));
        Assert.Equal(once, FlagJson.SetExposure(once, spec, new Percentage(percent)));
    }

    [Fact]
    public void SetExposure_Zero_DisablesAndKeepsTheConditionsAtZero()
    {
        var on = FlagJson.SetExposure(Rich, Spec with { Segments = ["beta"] }, new Percentage(25));
        var off = FlagJson.Parse("f", FlagJson.SetExposure(on, Spec with { Segments = ["beta"] }, Percentage.Zero), "2");

        Assert.False(off.Enabled);
        Assert.Equal(Percentage.Zero, off.Exposure);
        Assert.Equal(["staff", "beta"], off.Segments);
        Assert.Equal(Percentage.Zero, FlagJson.Parse("f", off.Json.Replace("\"enabled\":false", "\"enabled\":true", StringComparison.Ordinal), "3").Exposure);
    }

    [Fact]
    public void Parse_ARichFlag_ReadsExposureAudienceAndRules()
    {
        var state = FlagJson.Parse("f", FlagJson.SetExposure(Rich, Spec, new Percentage(25)), "7");

        Assert.Equal(("f", "7", true, new Percentage(25)), (state.Name, state.ETag, state.Enabled, state.Exposure));
        Assert.Equal(["staff"], state.Segments);
        Assert.Equal(["ann"], state.Overrides);
        Assert.Equal(["Custom.Tenant", "Microsoft.Targeting"], state.Rules);
    }

    [Theory]
    [InlineData("""{"id":"f","enabled":true}""", 100)]
    [InlineData("""{"id":"f","enabled":true,"conditions":{}}""", 100)]
    [InlineData("""{"id":"f","enabled":true,"conditions":{"client_filters":[]}}""", 100)]
    [InlineData("""{"id":"f","enabled":"true","conditions":{"client_filters":[{"name":"Microsoft.Percentage","parameters":{"Value":"30"}}]}}""", 30)]
    [InlineData("""{"id":"f","enabled":true,"conditions":{"client_filters":[{"name":"targetingfilter","parameters":{"audience":{"defaultRolloutPercentage":7.5}}}]}}""", 7.5)]
    [InlineData("""{"id":"f","enabled":true,"conditions":{"client_filters":[{"name":"Custom"}]}}""", 100)]
    [InlineData("""{"id":"f","enabled":true,"conditions":{"requirement_type":"Any","client_filters":[{"name":"Custom"},{"name":"Microsoft.Percentage","parameters":{"Value":3}}]}}""", 100)]
    [InlineData("""{"id":"f","enabled":true,"conditions":{"requirement_type":"All","client_filters":[{"name":"Custom"},{"name":"Microsoft.Percentage","parameters":{"Value":3}}]}}""", 3)]
    [InlineData("""{"id":"f","enabled":false,"conditions":{"client_filters":[{"name":"Microsoft.Percentage","parameters":{"Value":3}}]}}""", 0)]
    [InlineData("""{"id":"f","conditions":{"client_filters":[]}}""", 0)]
    public void Parse_Exposure_IsTheLargestShareThatTheJsonCanGive(string json, double expected) =>
        Assert.Equal((decimal)expected, FlagJson.Parse("f", json, "1").Exposure.Value);

    [Theory]
    [InlineData("[]", "not an object")]
    [InlineData("{", "cannot be read")]
    [InlineData("""{"id":"f","id":"f"}""", "cannot be read")]
    [InlineData("""{"id":"g","enabled":false}""", "expected 'f'")]
    [InlineData("""{"id":"f","enabled":7}""", "expected true or false")]
    [InlineData("""{"id":"f","conditions":[]}""", "conditions is not an object")]
    [InlineData("""{"id":"f","conditions":{"client_filters":{}}}""", "client_filters is not an array")]
    [InlineData("""{"id":"f","conditions":{"client_filters":[{}]}}""", "client_filters[0] has no name")]
    [InlineData("""{"id":"f","conditions":{"client_filters":[{"name":"Microsoft.Percentage","parameters":{"Value":130}}]}}""", "expected a number from 0 to 100")]
    public void Parse_WhatIsNotAFlag_SaysWhatIsWrong(string json, string expected)
    {
        var error = Assert.Throws<FlagFormatException>(() => FlagJson.Parse("f", json, "1"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Flag 'f': ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{ broken")]
    [InlineData("""{"id":"g","enabled":true}""")]
    [InlineData("""{"id":"f","enabled":7}""")]
    [InlineData("""{"id":"f","enabled":true,"conditions":[]}""")]
    [InlineData("""{"id":"f","enabled":true,"x":1,"conditions":{"client_filters":[{"name":"Microsoft.Percentage","parameters":{"Value":130}}]}}""")]
    public void Read_WhatSomebodyBroke_CountsAsOnForAllAndCanStillBeTurnedOff(string json)
    {
        var broken = FlagJson.Read("f", json, "7");
        Assert.Equal((true, Percentage.Full, "7", json), (broken.Enabled, broken.Exposure, broken.ETag, broken.Json));
        Assert.StartsWith("unreadable: ", Assert.Single(broken.Rules), StringComparison.Ordinal);

        var off = JsonNode.Parse(FlagJson.SetExposure(json, Spec, Percentage.Zero))!;
        Assert.False(off["enabled"]!.GetValue<bool>());
        Assert.Equal("f", off["id"]!.GetValue<string>());
        Assert.Equal(json.Contains("\"x\":1", StringComparison.Ordinal), off["x"] is not null);
    }

    [Theory]
    [InlineData("""{"id":"f","enabled":true,"\ud800":1}""")]
    [InlineData("""{"id":"\udc00","enabled":true}""")]
    [InlineData("""{"id":"f","enabled":"\ud800"}""")]
    [InlineData("""{"id":"f","enabled":true,"description":"\ud800"}""")]
    [InlineData("""{"id":"f","enabled":true,"conditions":{"requirement_type":"\ud800","client_filters":[]}}""")]
    [InlineData("""{"id":"f","enabled":true,"conditions":{"client_filters":[{"name":"\ud800"}]}}""")]
    public void Read_TextThatIsNoUnicode_IsABrokenFlagThatCanBeTurnedOff(string json)
    {
        Assert.StartsWith("unreadable: ", Assert.Single(FlagJson.Read("f", json, "7").Rules), StringComparison.Ordinal);
        Assert.Throws<FlagFormatException>(() => FlagJson.SetExposure(json, Spec, new Percentage(5)));
        Assert.False(FlagJson.Parse("f", FlagJson.SetExposure(json, Spec, Percentage.Zero), "8").Enabled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"id":"g","enabled":true}""")]
    [InlineData("""{"id":"f","conditions":{"client_filters":[{}]}}""")]
    public void SetExposure_TurningOffTwiceWhatSomebodyBroke_GivesTheSameText(string json)
    {
        var off = FlagJson.SetExposure(json, Spec, Percentage.Zero);
        Assert.Equal(off, FlagJson.SetExposure(off, Spec, Percentage.Zero));
    }

    [Fact]
    public void Read_ADisabledFlagWithBrokenConditions_IsOff()
    {
        var off = FlagJson.Read("f", FlagJson.SetExposure("""{"id":"f","enabled":true,"conditions":{"client_filters":[{}]}}""", Spec, Percentage.Zero), "7");
        Assert.Equal((false, Percentage.Zero), (off.Enabled, off.Exposure));
        Assert.StartsWith("unreadable: ", Assert.Single(off.Rules), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"id":"g","enabled":true}""")]
    [InlineData("""{"id":"f","enabled":true,"conditions":[]}""")]
    public void SetExposure_AboveZeroOnWhatSomebodyBroke_IsRefused(string json) =>
        Assert.Throws<FlagFormatException>(() => FlagJson.SetExposure(json, Spec, new Percentage(5)));

    [Fact]
    public void SetExposure_OnABareFlag_AddsIdConditionsAndTheLever()
    {
        var json = FlagJson.SetExposure("""{"enabled":false}""", Spec, new Percentage(5));
        Assert.Equal(
            """{"enabled":true,"id":"f","conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":[],"Groups":[],"DefaultRolloutPercentage":5}}}]}}""",
            json);
    }

    [Fact]
    public void SetExposure_KeepsTheSpellingOfExistingMembers()
    {
        const string lower = """{"id":"f","enabled":true,"conditions":{"client_filters":[{"name":"Targeting","parameters":{"audience":{"defaultrolloutpercentage":1}}}]}}""";
        Assert.Equal(
            lower.Replace("percentage\":1", "percentage\":50", StringComparison.Ordinal),
            FlagJson.SetExposure(lower, Spec, new Percentage(50)));
    }

    [Fact]
    public void SetExposure_PercentageLeverWithAFraction_IsRefusedWithTheWayOut()
    {
        var error = Assert.Throws<FlagFormatException>(() => FlagJson.SetExposure(
            FlagJson.CreateOff("f", ""), Spec with { Lever = FlagLever.Percentage }, new Percentage(0.5m)));
        Assert.Contains("expected a whole percentage, or the targeting lever", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SetExposure_PastTheSizeOfOneSetting_IsRefused()
    {
        var spec = Spec with { Overrides = [.. Enumerable.Range(0, 1000).Select(number => $"user-{number}@example.com")] };
        var error = Assert.Throws<FlagFormatException>(() => FlagJson.SetExposure(FlagJson.CreateOff("f", ""), spec, new Percentage(5)));
        Assert.Contains("expected at most 10240", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData("50%")]
    [InlineData(" a")]
    [InlineData("a\nb")]
    public void CreateOff_WithANameThatAppConfigurationRefuses_Throws(string name) =>
        Assert.Throws<FlagFormatException>(() => FlagJson.CreateOff(name, ""));

    [Fact]
    public void CreateOff_HasTheMembersThatTheSdkWants()
    {
        var json = JsonNode.Parse(FlagJson.CreateOff("f", "why <it> is"))!.AsObject();
        Assert.Equal(["id", "description", "enabled", "conditions"], json.Select(member => member.Key));
        Assert.Equal("why <it> is", json["description"]!.GetValue<string>());
    }
}
