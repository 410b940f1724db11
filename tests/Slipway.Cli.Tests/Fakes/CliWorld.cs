using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Ledgers;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Web.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Cli.Tests.Fakes;

/// <summary>The whole CLI in this process: string writers, a temporary directory, and a server in memory.</summary>
internal sealed class CliWorld : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("slipway-cli-");

    public CliWorld(ServerPolicy? policy = null)
    {
        Api = new ApiWorld(policy: policy);
        Server = new InProcessServer(Api);
        Variables["SLIPWAY_TOKEN"] = ApiWorld.OperatorToken;
    }

    public ApiWorld Api { get; }

    public InProcessServer Server { get; }

    public Dictionary<string, string> Variables { get; } = [];

    public bool IsTerminal { get; set; }

    public string Folder => _directory.FullName;

    /// <summary>Runs one command line, its words split at spaces.</summary>
    public Task<CliRun> RunAsync(string line, CancellationToken cancellation = default) =>
        RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), cancellation);

    /// <summary>Runs one command line whose words may be empty or hold spaces.</summary>
    public Task<CliRun> RunAsync(params string[] words) => RunAsync(words, CancellationToken.None);

    private async Task<CliRun> RunAsync(string[] words, CancellationToken cancellation)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var host = new CliHost
        {
            Output = output,
            Error = error,
            OutputIsTerminal = IsTerminal,
            ErrorIsTerminal = IsTerminal,
            CurrentDirectory = Folder,
            Variable = Variables.GetValueOrDefault,
            Time = Api.Time,
            CreateHttpHandler = _ => new Undisposed(Server),
        };
        var code = await new CliApp(host, Extra is null ? CommandList.All() : [.. CommandList.All(), Extra])
            .RunAsync(words, cancellation);
        return new CliRun(code, output.ToString(), error.ToString());
    }

    /// <summary>One more command.</summary>
    public ICliCommand? Extra { get; set; }

    /// <summary>Writes a file into the current directory.</summary>
    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, name))!);
        File.WriteAllText(Path.Combine(Folder, name), text);
    }

    /// <summary>Writes the small sample as <c>release.yaml</c>, and its flag.</summary>
    public async Task WriteSampleAsync()
    {
        Write("release.yaml", Samples.Small);
        await Api.Flags.CreateOffAsync("search-v2", CancellationToken.None);
    }

    /// <summary>The next wake-up is answered with an outcome for the newest command.</summary>
    public void AnswerCommands(Func<ReleaseCommand, LedgerBody> answer) => Api.Engine.OnWake = async release =>
    {
        var command = (await Api.Ledger.ReadAsync(release, 0, CancellationToken.None)).Select(entry => entry.Read()).OfType<CommandReceived>().Last();
        await Api.AppendAsync(release, answer(command.Command));
    };

    public void WriteServerFile(string url) => new ServerFile(url, ApiWorld.OperatorToken, ApiWorld.TelemetryToken).Write(Directory.CreateDirectory(Path.Combine(Folder, ".slipway")).FullName);

    public void Dispose()
    {
        Server.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>Each command disposes its handler; the server outlives them.</summary>
    private sealed class Undisposed(HttpMessageHandler inner) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _inner = new(inner, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _inner.SendAsync(request, cancellationToken);
    }
}

/// <summary>How a command line ended.</summary>
internal sealed record CliRun(int Code, string Output, string Error)
{
    public override string ToString() => $"exit {Code}\nstdout:\n{Output}\nstderr:\n{Error}";
}
