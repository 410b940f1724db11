using System.Net;
using System.Net.Sockets;
using Slipway.Cli.Client;
using Slipway.Cli.Hosting;
using Slipway.Cli.Terminal;
using Slipway.Core.Ledgers;
using Slipway.Core.Tests.Ledgers;
using Slipway.Embedded.Ledger;
using Slipway.Embedded.Snapshots;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Releases;

namespace Slipway.Cli.Tests.Hosting;

public sealed class ServeCommandTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_FreshFolder_AnnouncesAndWritesTokensThatOnlyTheOwnerReads()
    {
        using var data = new TemporaryData();
        await using var run = await RunAsync(data.Path);

        Assert.Contains("Slipway listens on http://127.0.0.1:", run.Error);
        Assert.Contains(data.Path, run.Error);
        Assert.Contains($"Next, in another terminal: `slipway start release.yaml --data {data.Path}`", run.Error);
        var file = ServerFile.Read(data.Path)!;
        Assert.Equal(64, file.OperatorToken.Length);
        Assert.NotEqual(file.OperatorToken, file.TelemetryToken);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(data.Path, ServerFile.Name)));
    }

    [Fact]
    public async Task Serve_Interrupted_StopsInOrderWith130()
    {
        using var data = new TemporaryData();
        var run = await RunAsync(data.Path);

        await run.DisposeAsync();

        Assert.Equal(ExitCodes.Interrupted, run.ExitCode);
        Assert.Contains("Stopped.", run.Error);
    }

    [Fact]
    public async Task Serve_Restarted_KeepsItsTokens()
    {
        using var data = new TemporaryData();
        await (await RunAsync(data.Path)).DisposeAsync();
        var before = ServerFile.Read(data.Path)!;

        await using var again = await RunAsync(data.Path);

        Assert.Equal((before.OperatorToken, before.TelemetryToken), (ServerFile.Read(data.Path)!.OperatorToken, ServerFile.Read(data.Path)!.TelemetryToken));
    }

    [Fact]
    public async Task Serve_Tokens_OpenOnlyWhatTheirRoleMay()
    {
        using var data = new TemporaryData();
        await using var run = await RunAsync(data.Path);
        var file = ServerFile.Read(data.Path)!;

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(file, "/health", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(file, "/api/releases", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(file, "/api/releases", file.OperatorToken));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(file, "/api/releases", file.TelemetryToken));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(file, "/flags", file.TelemetryToken));
    }

    [Fact]
    public async Task Serve_SecondOnTheSameFolder_IsRefusedAndTheFirstGoesOn()
    {
        using var data = new TemporaryData();
        await using var first = await RunAsync(data.Path);

        var (code, error) = await FailAsync("--data", data.Path, "--port", "0");

        Assert.Equal(ExitCodes.Error, code);
        Assert.Contains("in use by another slipway process", error);
        var file = ServerFile.Read(data.Path)!;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(file, "/health", null));
    }

    [Fact]
    public async Task Serve_PortInUse_SaysSoAndNamesAnother()
    {
        using var data = new TemporaryData();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var (code, error) = await ServeProcess.FailAsync(data.Path, port, Stop);

        Assert.Equal(ExitCodes.Error, code);
        Assert.Contains($"Port {port} on 127.0.0.1 is in use", error);
        Assert.Contains("--port", error);
        Assert.DoesNotContain(" at System.", error);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Null(ServerFile.Read(data.Path));
    }

    [Fact]
    public async Task Serve_CorruptDatabase_SaysSoAndLeavesItUntouched()
    {
        using var data = new TemporaryData();
        var file = Path.Combine(data.Path, "slipway.db");
        await File.WriteAllTextAsync(file, "this is not a database", Stop);

        var (code, error) = await FailAsync("--data", data.Path, "--port", "0");

        Assert.Equal(ExitCodes.Error, code);
        Assert.Contains("damaged", error);
        Assert.DoesNotContain("   at ", error);
        Assert.Equal("this is not a database", await File.ReadAllTextAsync(file, Stop));
    }

    [Fact]
    public async Task Serve_DataFolderIsAFile_SaysSo()
    {
        using var data = new TemporaryData();
        var file = Path.Combine(data.Path, "folder");
        await File.WriteAllTextAsync(file, "", Stop);

        var (code, error) = await FailAsync("--data", file, "--port", "0");

        Assert.Equal(ExitCodes.Error, code);
        Assert.Contains("is a file, but a data folder is expected", error);
    }

    [Fact]
    public async Task Serve_KeepsReleasesThatAreOverInTheFolder_AndForgetsTheirInstancesInTime()
    {
        using var data = new TemporaryData();
        var ledger = SampleLedgers.All["rolled_back"];
        var release = ReleaseState.Fold(ledger).Plan.ReleaseId;
        await using (var database = SlipwayDatabase.Open(data.Path))
        {
            var journal = new ReleaseJournal(new SqliteLedger(database), new SqliteReleaseSnapshots(database));
            var drafts = ledger.Select(entry => new LedgerDraft(entry.EntryId, entry.At.AddYears(-5), entry.Actor, entry.Read())).ToList();
            drafts.Add(new("aftercare:begun", drafts[^1].At, "slipway aftercare", new AftercareBegun([])));
            drafts.Add(new("aftercare:ended", drafts[^1].At, "slipway aftercare", new AftercareEnded("looked after")));
            await journal.CreateAsync(release, drafts[0], Stop);
            await journal.AppendAsync(release, drafts[1..], Stop);
        }

        await using var run = await RunAsync(data.Path);
        var kept = Path.Combine(data.Path, "archive", release.Value);
        await Deadline.UntilAsync(
            async () => File.Exists(Path.Combine(kept, "mark.json")) && (await File.ReadAllTextAsync(Path.Combine(kept, "mark.json"), Stop)).Contains("\"purged\":true", StringComparison.Ordinal),
            "the release is kept and its instances are purged", Stop);
        Assert.True(LedgerChain.Verify(LedgerLines.ReadAll(await File.ReadAllLinesAsync(Path.Combine(kept, "ledger.jsonl"), Stop))).Ok);
        Assert.True(File.Exists(Path.Combine(kept, "report.json")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(ServerFile.Read(data.Path)!, $"/api/releases/{release}", ServerFile.Read(data.Path)!.OperatorToken));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("3651")]
    public async Task Serve_ImpossibleRetention_IsAUsageError(string days)
    {
        using var data = new TemporaryData();

        var (code, error) = await FailAsync("--data", data.Path, "--port=0", $"--retention-days={days}");

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("expected 1 to 3650", error);
    }

    [Theory]
    [InlineData("70000")]
    [InlineData("-1")]
    public async Task Serve_ImpossiblePort_IsAUsageError(string port)
    {
        using var data = new TemporaryData();

        var (code, error) = await FailAsync("--data", data.Path, $"--port={port}");

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains("expected 0 to 65535", error);
    }

    [Fact]
    public async Task Serve_PolicyWithProblems_ListsThemAll()
    {
        using var data = new TemporaryData();
        await File.WriteAllTextAsync(Path.Combine(data.Path, "slipway.policy.yaml"), "inline_aprovers: true\nallowed_urls: [nonsense]\n", Stop);

        var (code, error) = await FailAsync("--data", data.Path, "--port", "0");

        Assert.Equal(ExitCodes.Error, code);
        Assert.Contains("2 problems", error);
        Assert.Contains("inline_approvers", error);
        Assert.Contains("allowed_urls", error);
    }

    [Fact]
    public async Task Serve_PolicyIsAFolder_SaysSo()
    {
        using var data = new TemporaryData();

        var (code, error) = await FailAsync("--data", data.Path, "--port", "0", "--policy", data.Path);

        Assert.Equal(ExitCodes.Error, code);
        Assert.Contains("it is a directory", error);
    }

    [Fact]
    public async Task Serve_MissingPolicyFile_SaysWhichOne()
    {
        using var data = new TemporaryData();

        var (code, error) = await FailAsync("--data", data.Path, "--port", "0", "--policy", Path.Combine(data.Path, "none.yaml"));

        Assert.Equal(ExitCodes.Error, code);
        Assert.Contains("none.yaml cannot be read", error);
    }

    private static async Task<HttpStatusCode> StatusAsync(ServerFile file, string path, string? token)
    {
        using var client = new HttpClient { BaseAddress = new Uri(file.Url) };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        using var answer = await client.SendAsync(request, Stop);
        return answer.StatusCode;
    }

    private static async Task<(int Code, string Error)> FailAsync(params string[] args)
    {
        var (host, error) = Host();
        var code = await new CliApp(host, [new ServeCommand()]).RunAsync(["serve", .. args], Stop);
        return (code, error.ToString());
    }

    private static async Task<ServeRun> RunAsync(string data)
    {
        var (host, error) = Host();
        var run = new ServeRun(host, error, data);
        await Deadline.UntilAsync(() => Task.FromResult(run.IsUp), "the server is up", Stop);
        return run;
    }

    private static (CliHost Host, SharedWriter Error) Host()
    {
        var error = new SharedWriter();
        return (new CliHost { Output = TextWriter.Null, Error = error, CurrentDirectory = Path.GetTempPath() }, error);
    }

    private sealed class ServeRun : IAsyncDisposable
    {
        private readonly CancellationTokenSource _ctrlC = new();
        private readonly SharedWriter _error;
        private readonly Task<int> _running;

        public ServeRun(CliHost host, SharedWriter error, string data)
        {
            _error = error;
            _running = new CliApp(host, [new ServeCommand()]).RunAsync(["serve", "--data", data, "--port", "0"], _ctrlC.Token);
        }

        public string Error => _error.ToString();

        public int ExitCode { get; private set; } = -1;

        public bool IsUp => _running.IsCompleted || Error.Contains("listens on", StringComparison.Ordinal);

        public async ValueTask DisposeAsync()
        {
            if (ExitCode != -1) return;
            await _ctrlC.CancelAsync();
            ExitCode = await _running;
            _ctrlC.Dispose();
        }
    }
}
