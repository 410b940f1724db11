using Slipway.Cli.Terminal;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Releases;

namespace Slipway.Cli.Tests.Commands;

public sealed class RetryTests : IDisposable
{
    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Retry_OfARolledBackRelease_PrintsTheNextIdAndShowNamesBoth()
    {
        var release = await _world.Api.StartSampleAsync();
        await _world.Api.EndAsync(release, ReleasePhase.RolledBack);

        var run = await _world.RunAsync($"retry {release} --reason fixed");

        Assert.Equal((ExitCodes.Done, $"{release}-attempt-2\n"), (run.Code, run.Output));
        Assert.Contains($"attempt 2 after {release}", run.Error, StringComparison.Ordinal);
        Assert.Contains($"Retried   as {release}-attempt-2", (await _world.RunAsync($"show {release}")).Output, StringComparison.Ordinal);
        Assert.Contains($"Attempt   2, after {release}", (await _world.RunAsync($"show {release}-attempt-2")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_OfARunningRelease_IsRefusedWithTheReason()
    {
        var release = await _world.Api.StartSampleAsync();

        var run = await _world.RunAsync($"retry {release}");

        Assert.Equal(ExitCodes.Conflict, run.Code);
        Assert.Contains("only one that was rolled back or failed", run.Error, StringComparison.Ordinal);
    }
}
