using Slipway.Core.Ledgers;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>What every configuration store must do.</summary>
public abstract class ConfigurationStoreContract
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IConfigurationStore Store { get; }

    [Fact]
    public async Task ReadAsync_UnknownKey_HasNullMembers() =>
        Assert.Equal(new ConfigurationValue("mode", null, null), await Store.ReadAsync("mode", Cancellation));

    [Fact]
    public async Task WriteAsync_NewKey_OnlyWhenItDoesNotExist()
    {
        Assert.True(await Store.WriteAsync("mode", "stream", null, Cancellation));
        Assert.False(await Store.WriteAsync("mode", "batch", null, Cancellation));
        Assert.Equal("stream", (await Store.ReadAsync("mode", Cancellation)).Value);
    }

    [Fact]
    public async Task WriteAsync_WithTheRightETag_WritesAndChangesTheETag()
    {
        await Store.WriteAsync("mode", "batch", null, Cancellation);
        var before = await Store.ReadAsync("mode", Cancellation);
        Assert.True(await Store.WriteAsync("mode", "batch", before.ETag, Cancellation));
        var after = await Store.ReadAsync("mode", Cancellation);
        Assert.Equal("batch", after.Value);
        Assert.NotEqual(before.ETag, after.ETag);
        Assert.False(await Store.WriteAsync("mode", "stream", before.ETag, Cancellation));
    }

    [Fact]
    public async Task WriteAsync_Null_DeletesTheKeyAndItsETagNeverComesBack()
    {
        await Store.WriteAsync("mode", "batch", null, Cancellation);
        var before = await Store.ReadAsync("mode", Cancellation);
        Assert.False(await Store.WriteAsync("mode", null, "other", Cancellation));
        Assert.True(await Store.WriteAsync("mode", null, before.ETag, Cancellation));
        Assert.Equal(new ConfigurationValue("mode", null, null), await Store.ReadAsync("mode", Cancellation));

        Assert.True(await Store.WriteAsync("mode", "batch", null, Cancellation));
        Assert.NotEqual(before.ETag, (await Store.ReadAsync("mode", Cancellation)).ETag);
    }

    [Fact]
    public async Task WriteAsync_UnknownKeyWithAnETag_WritesNothing()
    {
        Assert.False(await Store.WriteAsync("mode", "batch", "etag", Cancellation));
        Assert.Null((await Store.ReadAsync("mode", Cancellation)).Value);
    }

    [Fact]
    public async Task WriteAsync_EmptyText_IsAValue()
    {
        await Store.WriteAsync("mode", "", null, Cancellation);
        Assert.Equal("", (await Store.ReadAsync("mode", Cancellation)).Value);
    }
}
