using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Cli.Client;
using Slipway.Core.Analysis.Judging;
using Slipway.Embedded.Archive;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Http;
using Slipway.Embedded.Releases;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Web.Api;
using Slipway.Web.Diagnostics;
using Slipway.Workflow.Diagnostics;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Freezes;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Retention;

namespace Slipway.Cli.Hosting;

/// <summary>
/// A whole Slipway on one machine: database, adapters, engine and HTTP API on 127.0.0.1. Releases that ran when an earlier server on the
/// same data folder ended, however it ended, go on.
/// </summary>
public sealed partial class SlipwayServer : IAsyncDisposable
{
    /// <summary>Telemetry rows older than this are dropped at each start; what was judged is in the ledgers.</summary>
    private static readonly TimeSpan TelemetryRetention = TimeSpan.FromDays(30);

    private readonly Stack<IAsyncDisposable> _parts;

    private SlipwayServer(Stack<IAsyncDisposable> parts, ServerFile file, string outbox, Task failure)
    {
        _parts = parts;
        Url = new Uri(file.Url);
        OperatorToken = file.OperatorToken;
        TelemetryToken = file.TelemetryToken;
        OutboxDirectory = outbox;
        Failure = failure;
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>The bearer token of the operator role; also in <c>server.json</c>.</summary>
    public string OperatorToken { get; }

    /// <summary>The bearer token of the telemetry role; also in <c>server.json</c>.</summary>
    public string TelemetryToken { get; }

    /// <summary>Fails with the cause when the engine met a defect and stands still; otherwise never completes.</summary>
    public Task Failure { get; }

    /// <summary>Where mails are written; made at the first one.</summary>
    public string OutboxDirectory { get; }

    /// <summary>
    /// Starts a server: takes the data folder, listens, writes <c>server.json</c>, and lets running releases go on. Throws
    /// <see cref="ServerStartException"/> with a message for people when the folder, the policy or the port cannot be had; then nothing
    /// of it is left running.
    /// </summary>
    public static async Task<SlipwayServer> StartAsync(SlipwayServerOptions options, CancellationToken cancellation)
    {
        var parts = new Stack<IAsyncDisposable>();
        if (options.Time is not VirtualTimeProvider) options = options with { Time = new SteadyTimeProvider(options.Time) };
        try
        {
            return await StartAsync(options, parts, cancellation);
        }
        catch (Exception error)
        {
            await CloseAsync(parts);
            if (error is StorageOpenException storage) throw new ServerStartException(storage.Message, storage);
            throw;
        }
    }

    /// <summary>Stops in order: no new steps, no new requests, database closed.</summary>
    public ValueTask DisposeAsync() => CloseAsync(_parts);

    private static async Task<SlipwayServer> StartAsync(SlipwayServerOptions options, Stack<IAsyncDisposable> parts, CancellationToken cancellation)
    {
        var export = TelemetryExport.Start(options.Variable);
        if (export is not null) parts.Push(export);
        var services = new ServiceCollection().AddLogging(builder =>
        {
            options.Logging(builder);
            export?.AddTo(builder);
            // A port that is in use is told in one sentence; the host would log the same as a stack trace.
            builder.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        }).BuildServiceProvider();
        parts.Push(services);
        var logging = services.GetRequiredService<ILoggerFactory>();
        var log = logging.CreateLogger<SlipwayServer>();
        var diagnostics = new ReleaseDiagnostics(options.Time, new ReleaseEventLog(logging.CreateLogger<ReleaseEventLog>()).Write);
        parts.Push(new Closing(diagnostics.Dispose));

        var policy = PolicyFile.Read(options.PolicyFile, options.DataDirectory);
        var database = SlipwayDatabase.Open(options.DataDirectory);
        parts.Push(database);
        var outbound = OutboundHttp.CreateClient();
        parts.Push(new Closing(outbound.Dispose));
        var host = await LoopbackHost.ListenAsync(options.Port, logging, options.Limits, cancellation);
        parts.Push(host);

        var approvalKeys = ApprovalKeyFile.Of(options.DataDirectory, options.Time.GetUtcNow());
        var adapters = EmbeddedAdapters.Over(database, outbound, policy, approvalKeys, options);
        var journal = new ReleaseJournal(adapters.Ports.Ledger, adapters.Ports.Snapshots, time: options.Time);
        var registry = ReleaseModule.Register(new WorkflowRegistry(), adapters.Ports with { Diagnostics = diagnostics }, journal, new EvidenceJudge());
        var engine = new EmbeddedEngine(
            database, registry, options.Time, new EngineOptions { OnIncident = incident => LogIncident(log, incident.InstanceId, CleanText.Of(incident.Message), incident.Error) });
        parts.Push(engine);
        var running = new RunningEngine(engine, logging.CreateLogger<RunningEngine>());

        var tokens = ServerTokens.Of(options.DataDirectory);
        var file = new ServerFile(host.Url, tokens.Operator, tokens.Telemetry);
        var access = EmbeddedAccess.Of(tokens, policy, options.Time);
        var client = new EmbeddedReleaseClient(engine);
        ReleaseModule.RegisterStarts(registry, client);
        var desk = new ReleaseDesk(
            journal,
            adapters.Ports.Snapshots,
            client,
            adapters.Ports.Flags,
            options.Time,
            new ReleaseDeskOptions { BaseUrl = host.Url, Policy = policy, ApprovalKeys = approvalKeys });
        var locks = new LockDesk(adapters.Ports.Locks, journal, client, options.Time);
        var dispatcher = new ApiDispatcher(
            new ApiServices
            {
                Desk = desk,
                Freezes = new FreezeDesk(adapters.Ports.Freezes, journal, adapters.Ports.Snapshots, client, options.Time),
                Locks = locks,
                Flags = adapters.Ports.Flags,
                FlagCreator = new FlagCreator(adapters.Flags),
                Telemetry = new TelemetryIntake(adapters.Telemetry, options.Time),
                Health = new ServerHealth(database, running),
                Access = access.Control,
                Pages = access.Pages,
                // Nobody else appends to this folder's ledgers.
                Settings = new ApiSettings { Policy = policy, EventPoll = TimeSpan.FromSeconds(5) },
                Time = options.Time,
            },
            logging.CreateLogger<ApiDispatcher>());

        running.Start();
        parts.Push(running);
        host.Handler = dispatcher.HandleAsync;
        file.Write(options.DataDirectory);
        await adapters.Telemetry.PruneAsync(options.Time.GetUtcNow() - TelemetryRetention, cancellation);
        var repaired = await desk.RepairAsync(cancellation);
        if (repaired.GoingOn > 0) LogGoingOn(log, repaired.GoingOn);
        foreach (var release in repaired.NotRunHere) LogNotRunHere(log, release.Value);
        foreach (var problem in repaired.Problems) LogNotLookedAt(log, CleanText.Of(problem));
        parts.Push(new SweepTimer(
            new ReleaseSweeper(journal, adapters.Ports.Snapshots, adapters.Ports.Freezes, locks, client, options.Time), options.Time, logging.CreateLogger<SweepTimer>()));
        parts.Push(new RetentionTimer(
            new ReleaseRetention(
                journal, adapters.Ports.Snapshots, new FolderReleaseArchive(Path.Combine(options.DataDirectory, "archive")), client, options.Time, options.KeepInstances),
            options.Time,
            logging.CreateLogger<RetentionTimer>()));
        if (PrivateFiles.ModeForOthers(options.DataDirectory) is { } mode) LogOpenFolder(log, options.DataDirectory, mode);
        LogStarted(log, host.Url, options.DataDirectory);
        return new SlipwayServer(parts, file, adapters.Outbox, running.Failure);
    }

    private static async ValueTask CloseAsync(Stack<IAsyncDisposable> parts)
    {
        while (parts.TryPop(out var part)) await part.DisposeAsync();
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Debug, Message = "Started on {Url} with data in {Data}")]
    private static partial void LogStarted(ILogger log, string url, string data);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "{Instance}: {Incident}")]
    private static partial void LogIncident(ILogger log, string instance, string incident, Exception? error);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Information, Message = "{Releases} unfinished releases go on")]
    private static partial void LogGoingOn(ILogger log, int releases);

    [LoggerMessage(EventId = 4007, Level = LogLevel.Critical, Message = "{Release} was started under a workflow version that this server does not run: it stands still here (see slipway show)")]
    private static partial void LogNotRunHere(ILogger log, string release);

    [LoggerMessage(EventId = 4008, Level = LogLevel.Error, Message = "At the start a release could not be looked at; the sweep in a minute looks again: {Problem}")]
    private static partial void LogNotLookedAt(ILogger log, string problem);

    [LoggerMessage(EventId = 4009, Level = LogLevel.Warning, Message = "{Data} holds tokens, keys and approval links, and is open to other users of this machine (mode {Mode}): chmod 700 closes it")]
    private static partial void LogOpenFolder(ILogger log, string data, string mode);

    private sealed class Closing(Action close) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            close();
            return ValueTask.CompletedTask;
        }
    }
}
