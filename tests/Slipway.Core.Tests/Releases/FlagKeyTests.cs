using System.Text.Json;
using Slipway.Core.Releases;
using Slipway.Core.Serialization;

namespace Slipway.Core.Tests.Releases;

public class FlagKeyTests
{
    [Theory]
    [InlineData("search-v2", "search-v2", "")]
    [InlineData("team/search", "team/search", "")]
    [InlineData("search-v2@prod", "search-v2", "prod")]
    [InlineData("search-v2@prod/westeurope", "search-v2", "prod/westeurope")]
    public void Parse_TextForm_IsNameAndLabelAndComesBack(string text, string name, string label)
    {
        FlagKey key = text;

        Assert.Equal((name, label), (key.Name, key.Label));
        Assert.Equal(text, key.ToString());
        Assert.Equal(new FlagKey(name, label), key);
        Assert.Equal(key, JsonSerializer.Deserialize<FlagKey>(JsonSerializer.Serialize(key, SlipwayJson.Options), SlipwayJson.Options));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("@prod", "empty")]
    [InlineData("search-v2@", "label behind '@' is empty")]
    [InlineData("search-v2@a@b", "'a@b' is not a label")]
    [InlineData("search-v2@a,b", "'a,b' is not a label")]
    [InlineData("search-v2@ prod", "white space")]
    public void Parse_Anything_ElseSaysWhatIsWrong(string text, string expected)
    {
        Assert.False(FlagKey.TryParse(text, out _));
        Assert.Contains(expected, Assert.Throws<FormatException>(() => FlagKey.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Default_HasNoName() => Assert.Throws<InvalidOperationException>(() => default(FlagKey).Name);

    [Fact]
    public void Order_IsByNameThenLabel()
    {
        FlagKey[] keys = ["b", "a@z", "a-b", "a@b", "a"];
        Assert.Equal(["a", "a@b", "a@z", "a-b", "b"], keys.Order().Select(key => key.ToString()));
    }

    [Fact]
    public void Json_AsAMembersName_IsTheTextForm()
    {
        var json = JsonSerializer.Serialize(new Dictionary<FlagKey, int> { ["a@b"] = 1 }, SlipwayJson.Options);

        Assert.Equal("""{"a@b":1}""", json);
        Assert.Equal(1, JsonSerializer.Deserialize<Dictionary<FlagKey, int>>(json, SlipwayJson.Options)!["a@b"]);
    }
}
