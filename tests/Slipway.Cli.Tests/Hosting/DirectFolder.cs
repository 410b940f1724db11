using Slipway.Cli.Hosting;
using Slipway.Cli.Terminal;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Ledgers;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Flags;
using Slipway.Embedded.Releases;
using Slipway.Embedded.Storage;
using Slipway.Web.Requests;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Rescue;

namespace Slipway.Cli.Tests.Hosting;

/// <summary>A real data folder as a server leaves it that died while a release had half of the users exposed.</summary>
internal sealed class DirectFolder : IDisposable
{
    public const string Flag = "search-v2";

    public static readonly ReleaseId Release = ReleaseId.Parse("direct");

    private readonly TemporaryData _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public string Path => _data.Path;

    /// <summary>Makes the folder; without exposure the release is only recorded.</summary>
    public static async Task<DirectFolder> CreateAsync(bool exposed = true)
    {
        var folder = new DirectFolder();
        await folder.WithAsync(async parts =>
        {
            await parts.Flags.CreateAsync(Flag, "for the test", Stop);
            await parts.Desk.StartAsync(Request, "dana", Stop);
            if (!exposed) return;
            var captured = (await parts.Flags.ReadAsync(Flag, Stop))!;
            var write = await parts.Flags.SetExposureAsync(Request.Flags[0], new Percentage(50), captured.ETag, Stop);
            LedgerBody[] bodies =
            [
                new StateCaptured([captured], []),
                new PhaseEntered(ReleasePhase.Shifting, ReleaseTrigger.Captured, 0, "for the test", null, ""),
                new EffectIntended($"shift:0:{Flag}", EffectKind.Flag, Flag, "to 50 %"),
                new EffectFinished($"shift:0:{Flag}", EffectKind.Flag, Flag, EffectOutcome.Done, "read back", write.Current),
            ];
            await parts.Journal.AppendAsync(Release, [.. bodies.Select((body, index) => new LedgerDraft($"test:{index}", DateTimeOffset.UtcNow, "slipway", body))], Stop);
        });
        return folder;
    }

    private static ReleaseRequest Request { get; } = ReleaseRequestReader.Read(RequestFile.Parse(
        """
        release: { id: direct, version: 1.1.0, title: Dies while exposed, declared_risk: low }
        environments: [{ name: prod }]
        flags: [{ name: search-v2, kill_switch: true }]
        stages: [{ percentage: 50, bake: 30m }, { percentage: 100, bake: 30m }]
        telemetry: { source: embedded, service: search }
        communications: { stakeholders: [{ name: Support, email: support@example.com }] }
        """u8.ToArray(), "application/yaml")).Request!;

    /// <summary>Opens the folder as a server would, and lets go of it again.</summary>
    public async Task WithAsync(Func<Parts, Task> work)
    {
        await using var database = SlipwayDatabase.Open(Path);
        using var http = new HttpClient();
        var adapters = EmbeddedAdapters.Over(database, http, ServerPolicy.Default, null, new SlipwayServerOptions { DataDirectory = Path });
        var journal = new ReleaseJournal(adapters.Ports.Ledger, adapters.Ports.Snapshots);
        var registry = ReleaseModule.Register(new WorkflowRegistry(), adapters.Ports, journal, new EvidenceJudge());
        await using var engine = new EmbeddedEngine(database, registry, TimeProvider.System);
        var client = new EmbeddedReleaseClient(engine);
        ReleaseModule.RegisterStarts(registry, client);
        var desk = new ReleaseDesk(journal, adapters.Ports.Snapshots, client, adapters.Flags, TimeProvider.System, new ReleaseDeskOptions { BaseUrl = "http://localhost", Policy = ServerPolicy.Default });
        await work(new Parts(adapters.Ports, adapters.Flags, journal, desk, client, engine));
    }

    public async Task<ReleaseState> StateAsync()
    {
        ReleaseState? state = null;
        await WithAsync(async parts => state = await parts.Journal.StateAsync(Release, Stop));
        return state!;
    }

    public async Task<Percentage> ExposureAsync()
    {
        var exposure = Percentage.Zero;
        await WithAsync(async parts => exposure = (await parts.Flags.ReadAsync(Flag, Stop))!.Exposure);
        return exposure;
    }

    /// <summary>Begins a direct rollback that dies between its intent and the flag.</summary>
    public Task DieMidwayAsync() => WithAsync(async parts =>
    {
        var ports = parts.Ports with { Flags = new DyingFlags(parts.Flags) };
        await Assert.ThrowsAsync<InvalidOperationException>(() => new DirectRollback(parts.Journal, ports, TimeProvider.System, parts.Client).RunAsync(Release, "dana", "", Stop));
    });

    public async Task<CliRun> RunAsync(params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var host = new CliHost { Output = output, Error = error, CurrentDirectory = Path, Variable = name => name == "USER" ? "lee" : null };
        var code = await new CliApp(host, CommandList.All()).RunAsync([.. words, "--data", Path], Stop);
        return new CliRun(code, output.ToString(), error.ToString());
    }

    public void Dispose() => _data.Dispose();

    /// <summary>What stands over an open folder.</summary>
    internal sealed record Parts(ReleasePorts Ports, SqliteFlagStore Flags, ReleaseJournal Journal, ReleaseDesk Desk, IReleaseClient Client, EmbeddedEngine Engine);

    /// <summary>A process that is killed while it restores.</summary>
    private sealed class DyingFlags(IFlagStore inner) : IFlagStore
    {
        public Task<FlagState?> ReadAsync(FlagKey flag, CancellationToken cancellation) => inner.ReadAsync(flag, cancellation);

        public Task<IReadOnlyList<FlagKey>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);

        public Task<FlagWrite> SetExposureAsync(FlagSpec spec, Percentage exposure, string ifMatch, CancellationToken cancellation) => inner.SetExposureAsync(spec, exposure, ifMatch, cancellation);

        public Task<FlagWrite> RestoreAsync(FlagKey flag, string json, string ifMatch, CancellationToken cancellation) => throw new InvalidOperationException("killed");
    }
}
