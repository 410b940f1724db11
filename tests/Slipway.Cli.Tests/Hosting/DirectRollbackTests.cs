using System.Text.Json;
using Slipway.Cli.Client;
using Slipway.Cli.Hosting;
using Slipway.Cli.Terminal;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Ports;

namespace Slipway.Cli.Tests.Hosting;

/// <summary><c>slipway rollback ID --direct</c> on real data folders, without a server.</summary>
[Collection(RealTimeTests.Name)]
public sealed class DirectRollbackTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<CliRun> RollBackAsync(DirectFolder folder, params string[] more) => folder.RunAsync(["rollback", "direct", "--direct", .. more]);

    [Fact]
    public async Task Direct_AnExposedRelease_BringsEachFlagBackAndSaysSo()
    {
        using var folder = await DirectFolder.CreateAsync();

        var run = await RollBackAsync(folder, "--reason", "the server's disk is full");

        Assert.Equal(ExitCodes.Done, run.Code);
        Assert.StartsWith("back  flag search-v2: search-v2 read back as captured: 0 %\ndirect: rolled back\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Left to do by hand: look at smoke checks and metrics", run.Error, StringComparison.Ordinal);
        Assert.Equal(Percentage.Zero, await folder.ExposureAsync());
        var state = await folder.StateAsync();
        Assert.Equal((ReleasePhase.RolledBack, "lee"), (state.Phase, state.Rollback!.Actor));
        Assert.Contains("the server's disk is full", state.Rollback.Reason, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "outbox"), "*.eml"));
    }

    [Fact]
    public async Task Direct_WithJson_GivesEachResult()
    {
        using var folder = await DirectFolder.CreateAsync();

        var json = JsonDocument.Parse((await RollBackAsync(folder, "--json")).Output).RootElement;

        Assert.Equal("rolled_back", json.GetProperty("outcome").GetString());
        Assert.True(json.GetProperty("results")[0].GetProperty("undone").GetBoolean());
    }

    [Fact]
    public async Task Direct_Again_ChangesNothingAndSaysHowItEnded()
    {
        using var folder = await DirectFolder.CreateAsync();
        await RollBackAsync(folder);
        var entries = (await folder.StateAsync()).Sequence;

        var again = await RollBackAsync(folder);

        Assert.Equal(ExitCodes.Conflict, again.Code);
        Assert.Contains("rolled", again.Error, StringComparison.Ordinal);
        Assert.Equal(entries, (await folder.StateAsync()).Sequence);
    }

    [Fact]
    public async Task Direct_KilledMidWay_GoesOnWhereItWasWithTheSameEntries()
    {
        using var folder = await DirectFolder.CreateAsync();
        await folder.DieMidwayAsync();
        Assert.Equal(new Percentage(50), await folder.ExposureAsync());

        var run = await RollBackAsync(folder);

        Assert.Equal(ExitCodes.Done, run.Code);
        Assert.Equal(Percentage.Zero, await folder.ExposureAsync());
        var state = await folder.StateAsync();
        Assert.Equal((ReleasePhase.RolledBack, "dana"), (state.Phase, state.TakenOver!.By));
        await folder.WithAsync(async parts =>
        {
            var entries = await parts.Journal.ReadAsync(DirectFolder.Release, 0, Stop);
            Assert.True(LedgerChain.Verify(entries).Ok);
            Assert.Single(entries, entry => entry.Read() is ReleaseTakenOver);
            Assert.Single(entries, entry => entry.Read() is EffectIntended { Kind: EffectKind.Flag, EffectId: "rescue:restore:search-v2" });
        });
    }

    [Fact]
    public async Task Direct_ThenAServer_TheOrchestrationFindsTheReleaseOverAndEndsItself()
    {
        using var folder = await DirectFolder.CreateAsync();
        await RollBackAsync(folder);

        await folder.WithAsync(async parts =>
        {
            Assert.Equal(InstanceStatus.Running, (await parts.Engine.GetAsync(DirectFolder.Release.Value, Stop))!.Status);
            var entries = (await parts.Journal.StateAsync(DirectFolder.Release, Stop))!.Sequence;
            await parts.Engine.RunUntilIdleAsync(Stop);
            Assert.Equal(InstanceStatus.Completed, (await parts.Engine.GetAsync(DirectFolder.Release.Value, Stop))!.Status);
            Assert.Equal(entries, (await parts.Journal.StateAsync(DirectFolder.Release, Stop))!.Sequence);
        });
        await using (var server = await SlipwayServer.StartAsync(new SlipwayServerOptions { DataDirectory = folder.Path, Port = 0 }, Stop))
        {
            using var client = new SlipwayClient(new ServerAddress(server.Url, server.OperatorToken), new SocketsHttpHandler { UseProxy = false });
            Assert.Equal(ReleasePhase.RolledBack, Assert.IsType<Answer<ReleaseSummary>.Got>(await client.SummaryAsync(DirectFolder.Release, Stop)).Value.Phase);
        }

        Assert.Equal(Percentage.Zero, await folder.ExposureAsync());
    }

    [Fact]
    public async Task Direct_WhileAServerHoldsTheFolder_ChangesNothingAndNamesTheWay()
    {
        using var folder = await DirectFolder.CreateAsync();
        await using (SlipwayDatabase.Open(folder.Path))
        {
            var run = await RollBackAsync(folder);

            Assert.Equal(ExitCodes.Conflict, run.Code);
            Assert.Contains("`slipway rollback direct --data", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(new Percentage(50), await folder.ExposureAsync());
    }

    [Fact]
    public async Task Direct_AReleaseThatExposedNobody_SaysThatThereIsNothingToBringBack()
    {
        using var folder = await DirectFolder.CreateAsync(exposed: false);

        var run = await RollBackAsync(folder);

        Assert.Equal(ExitCodes.Conflict, run.Code);
        Assert.Contains("nothing to bring back", run.Error, StringComparison.Ordinal);
        Assert.Equal(ReleasePhase.Received, (await folder.StateAsync()).Phase);
    }

    [Fact]
    public async Task Direct_AnUnknownRelease_IsToldWithTheFolder()
    {
        using var folder = await DirectFolder.CreateAsync();

        var run = await folder.RunAsync("rollback", "another", "--direct");

        Assert.Equal(ExitCodes.Error, run.Code);
        Assert.Contains("no release another", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Direct_AFolderWithoutData_IsNotMade()
    {
        using var folder = await DirectFolder.CreateAsync();
        var missing = Path.Combine(folder.Path, "no", "such");

        var run = await folder.RunAsync("rollback", "direct", "--direct", "--reason", "x");
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await new CliApp(new CliHost { Output = output, Error = error, CurrentDirectory = folder.Path }, CommandList.All())
            .RunAsync(["rollback", "direct", "--direct", "--data", missing], Stop);

        Assert.Equal((ExitCodes.Done, ExitCodes.Error), (run.Code, code));
        Assert.False(Directory.Exists(missing));
        Assert.Contains("no Slipway data", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dry-run")]
    [InlineData("--no-wait")]
    public async Task Direct_WithWhatNeedsAServer_IsAUsageError(string option)
    {
        using var folder = await DirectFolder.CreateAsync();

        Assert.Equal(ExitCodes.Usage, (await RollBackAsync(folder, option)).Code);
        Assert.Equal(new Percentage(50), await folder.ExposureAsync());
    }
}
