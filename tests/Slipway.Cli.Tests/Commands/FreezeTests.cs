using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Cli.Tests.Fakes;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Cli.Tests.Commands;

public sealed class FreezeTests : IDisposable
{
    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Freeze_WithAReason_FreezesShowsAndLifts()
    {
        var none = await _world.RunAsync("freeze");
        var raised = await _world.RunAsync("freeze --reason payday --until 2026-12-02T09:00Z");
        var shown = await _world.RunAsync("freeze");
        var lifted = await _world.RunAsync("freeze --lift --reason paid");
        var after = await _world.RunAsync("freeze --json");

        Assert.Equal((ExitCodes.Done, ""), (none.Code, none.Output));
        Assert.Equal("frozen by otto until 2026-12-02 09:00:00Z: payday\n", raised.Output);
        Assert.StartsWith("in force since 2026-12-01T09:00:00Z: frozen by otto", shown.Output, StringComparison.Ordinal);
        Assert.StartsWith("lifted: frozen by otto", lifted.Output, StringComparison.Ordinal);
        Assert.Equal(0, JsonDocument.Parse(after.Output).RootElement.GetProperty("in_force").GetArrayLength());
        Assert.Contains("lifted 2026-12-01T09:00:00Z by otto: paid", (await _world.RunAsync("freeze")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Freeze_UntilADuration_EndsThatLongFromNow()
    {
        await _world.RunAsync("freeze --reason payday --until 4h");

        Assert.Equal(ApiWorld.Start.AddHours(4), Assert.Single(_world.Api.Freezes.All).Until);
    }

    [Theory]
    [InlineData("freeze --until 4h")]
    [InlineData("freeze --lift --until 4h")]
    [InlineData("freeze --reason x --until soon")]
    public async Task Freeze_ThatIsNotValid_IsAUsageErrorAndChangesNothing(string line)
    {
        Assert.Equal(ExitCodes.Usage, (await _world.RunAsync(line)).Code);
        Assert.Empty(_world.Api.Freezes.All);
    }
}
