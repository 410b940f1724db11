using System.Text.Json;
using Slipway.Cli.Demo;
using Slipway.Cli.Terminal;
using Slipway.Cli.Tests.Hosting;
using Slipway.Core.Ledgers;
using Slipway.Core.Tests.Contract;

namespace Slipway.Cli.Tests.Demo;

[Collection(RealTimeTests.Name)]
public sealed class DemoCommandTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Demo_Whole_CompletesTheGoodReleaseAndRollsTheBadOneBack()
    {
        using var folder = new TemporaryData();
        var (host, output, error) = Host();

        var code = await new CliApp(host, [new DemoCommand()]).RunAsync(["demo", "--json", "--out", folder.Path], Stop);

        Assert.True(code == ExitCodes.Done, $"{output}{error}");
        using var json = JsonDocument.Parse(output.ToString());
        Assert.True(json.RootElement.GetProperty("succeeded").GetBoolean());
        var releases = json.RootElement.GetProperty("releases");
        Assert.Equal("completed", releases[0].GetProperty("phase").GetString());
        Assert.Equal("rolled_back", releases[1].GetProperty("phase").GetString());
        Assert.InRange(releases[1].GetProperty("time_to_roll_back_seconds").GetDouble(), 0, 30);
        Assert.Contains("BREACH", error.ToString());
        foreach (var name in (string[])["good", "bad"])
        {
            var verdict = LedgerChain.Verify(LedgerLines.ReadAll(await File.ReadAllLinesAsync(Path.Combine(folder.Path, name, "ledger.jsonl"), Stop)));
            Assert.True(verdict.Ok, verdict.Sentence);
            var problems = ReportContract.Problems(await File.ReadAllTextAsync(Path.Combine(folder.Path, name, "report.json"), Stop));
            Assert.True(problems.Count == 0, $"{name}/report.json: {string.Join("; ", problems)}");
            Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder.Path, name, "mails"), "*.eml"));
            Assert.True(File.Exists(Path.Combine(folder.Path, name, "release.yaml")));
        }
    }

    [Fact]
    public async Task Demo_Interrupted_ClosesEverythingAndEndsWith130()
    {
        using var folder = new TemporaryData();
        var (host, output, error) = Host();
        using var ctrlC = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var running = new CliApp(host, [new DemoCommand()]).RunAsync(["demo", "--out", folder.Path], ctrlC.Token);
        await Deadline.UntilAsync(() => Task.FromResult(output.ToString().Contains("stage 1/4", StringComparison.Ordinal)), "the first stage", Stop);
        await ctrlC.CancelAsync();

        Assert.Equal(ExitCodes.Interrupted, await running);
        Assert.Contains("Interrupted.", error.ToString());
        Assert.DoesNotContain("   at ", error.ToString());
        using var free = new FileStream(Path.Combine(folder.Path, "slipway-data", "slipway.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public async Task Demo_OutIsAFile_SaysSo()
    {
        using var folder = new TemporaryData();
        var file = Path.Combine(folder.Path, "out");
        await File.WriteAllTextAsync(file, "", Stop);
        var (host, _, error) = Host();

        var code = await new CliApp(host, [new DemoCommand()]).RunAsync(["demo", "--out", file], Stop);

        Assert.Equal(ExitCodes.Error, code);
        Assert.Contains("cannot be written", error.ToString());
        Assert.Contains("--out DIR", error.ToString());
    }

    private static (CliHost Host, SharedWriter Output, SharedWriter Error) Host()
    {
        var (output, error) = (new SharedWriter(), new SharedWriter());
        return (new CliHost { Output = output, Error = error, CurrentDirectory = Path.GetTempPath() }, output, error);
    }
}
