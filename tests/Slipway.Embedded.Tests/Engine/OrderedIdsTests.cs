using Slipway.Embedded.Engine;

namespace Slipway.Embedded.Tests.Engine;

public sealed class OrderedIdsTests
{
    [Fact]
    public void TakeFirst_AddedAgainAndRemoved_IsTheOneThatWasAddedBeforeAllOthers()
    {
        var ids = new OrderedIds();
        foreach (var id in (string[])["a", "b", "c", "d", "a"]) ids.Add(id);
        ids.Remove("c");
        ids.Remove("unknown");
        Assert.Equal(3, ids.Count);
        Assert.Equal(["b", "d", "a"], [ids.TakeFirst(), ids.TakeFirst(), ids.TakeFirst()]);
        Assert.Equal(0, ids.Count);
        Assert.Throws<InvalidOperationException>(ids.TakeFirst);
    }
}
