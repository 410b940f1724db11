using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Cli.Tests.Fakes;

namespace Slipway.Cli.Tests.Commands;

public sealed class UnlockTests : IDisposable
{
    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    private async Task HoldAsync() => _world.Api.Locks.Holders["flag:search-v2"] = await _world.Api.StartSampleAsync();

    [Fact]
    public async Task Unlock_WithoutArguments_ListsTheLocks()
    {
        await HoldAsync();

        var plain = await _world.RunAsync("unlock");
        var json = await _world.RunAsync("unlock --json");

        Assert.Equal(ExitCodes.Done, plain.Code);
        Assert.Equal("flag:search-v2  streaming-search-indexer-2.4.0  received at 0 % since 2026-12-01T08:00:00Z\n", plain.Output);
        Assert.Equal("flag:search-v2", JsonDocument.Parse(json.Output).RootElement.GetProperty("locks")[0].GetProperty("resource").GetString());
    }

    [Fact]
    public async Task Unlock_OfALock_FreesItAndSaysWhoHeldIt()
    {
        await HoldAsync();

        var run = await _world.RunAsync("unlock", "flag:search-v2", "--reason", "left behind");

        Assert.Equal(ExitCodes.Done, run.Code);
        Assert.StartsWith("flag:search-v2 is free; streaming-search-indexer-2.4.0 held it", run.Output, StringComparison.Ordinal);
        Assert.Empty(_world.Api.Locks.Holders);
    }

    [Theory]
    [InlineData("unlock flag:search-v2")]
    [InlineData("unlock --reason why")]
    [InlineData("unlock --force")]
    public async Task Unlock_WithoutWhatItNeeds_IsAUsageError(string line)
    {
        await HoldAsync();

        Assert.Equal(ExitCodes.Usage, (await _world.RunAsync(line)).Code);
        Assert.Single(_world.Api.Locks.Holders);
    }

    [Fact]
    public async Task Unlock_OfSomethingThatNobodyHolds_FailsAndNamesWhatIsHeld()
    {
        await HoldAsync();

        var run = await _world.RunAsync("unlock flag:other --reason why");

        Assert.Equal(ExitCodes.Error, run.Code);
        Assert.Contains("Locked are: flag:search-v2", run.Error, StringComparison.Ordinal);
    }
}
