using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Web.Access;
using Slipway.Web.Api;
using Slipway.Web.Pages.Handlers;
using Slipway.Workflow.Freezes;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Tests.Fakes;

/// <summary>The API over a real desk and journal on ports in memory.</summary>
internal sealed class ApiWorld : ITelemetrySink, IHealthSource
{
    public const string ViewerToken = "viewer-token-0123456789";
    public const string OperatorToken = "operator-token-0123456789";
    public const string TelemetryToken = "telemetry-token-0123456789";

    public const string AdaKey = "ada-approver-key-0123456789";
    public const string LeeKey = "lee-approver-key-0123456789";

    public static readonly DateTimeOffset Start = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Sign and verify approval links.</summary>
    public static readonly ApprovalKeys Keys = new([new ApprovalKey("k1", new byte[32])]);

    private readonly ReleaseJournal _journal;
    private readonly ApiDispatcher _dispatcher;
    private readonly TimeProvider _clock;

    public ApiWorld(ApiSettings? settings = null, ServerPolicy? policy = null, TimeProvider? time = null, ApprovalKeys? keys = null, IAccessControl? access = null)
    {
        _clock = time ?? Time;
        _journal = new ReleaseJournal(Ledger, Snapshots);
        Pages = PageServices.Over(new WebKeys(new byte[32]), Tokens, _clock);
        var options = new ReleaseDeskOptions { BaseUrl = "http://localhost:5180", Policy = policy ?? ServerPolicy.Default, ApprovalKeys = keys ?? Keys };
        Services = new ApiServices
        {
            Desk = new ReleaseDesk(_journal, Snapshots, Engine, Flags, _clock, options),
            Freezes = new FreezeDesk(Freezes, _journal, Snapshots, Engine, _clock),
            Locks = new LockDesk(Locks, _journal, Engine, _clock),
            Flags = Flags,
            FlagCreator = Flags,
            Telemetry = this,
            Health = this,
            Access = access ?? new SessionAccessControl(Tokens, Pages.Sessions),
            Pages = Pages,
            Settings = settings ?? new ApiSettings(),
            Time = _clock,
        };
        _dispatcher = new ApiDispatcher(Services, NullLogger<ApiDispatcher>.Instance);
    }

    /// <summary>The tokens that the server knows.</summary>
    public static TokenAccessControl Tokens { get; } = new(
    [
        new ApiToken("vera", ApiRoles.Viewer, ViewerToken),
        new ApiToken("otto", ApiRoles.Viewer | ApiRoles.Operator, OperatorToken),
        new ApiToken("shop", ApiRoles.Telemetry, TelemetryToken),
        new ApiToken("ada@example.com", ApiRoles.Approver | ApiRoles.Viewer, AdaKey),
        new ApiToken("lee@example.com", ApiRoles.Approver, LeeKey),
    ]);

    /// <summary>Everything that the API needs.</summary>
    public ApiServices Services { get; }

    /// <summary>Sessions, sign-in links and forms.</summary>
    public PageServices Pages { get; }

    public InMemoryLedger Ledger { get; } = new();

    public InMemorySnapshots Snapshots { get; } = new();

    public InMemoryFreezes Freezes { get; } = new();

    public InMemoryLocks Locks { get; } = new();

    public InMemoryFlags Flags { get; } = new();

    public RecordingEngine Engine { get; } = new();

    public LeapingTime Time { get; } = new(Start);

    public List<string> Telemetry { get; } = [];

    public TelemetryReceipt TelemetryAnswer { get; set; } = new(1, []);

    public bool Healthy { get; set; } = true;

    public bool Degraded { get; set; }

    public Task<TelemetryReceipt> IngestAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        Telemetry.Add(Encoding.UTF8.GetString(body.Span));
        return Task.FromResult(TelemetryAnswer);
    }

    public Task<HealthState> ReadAsync(CancellationToken cancellation) =>
        Task.FromResult(new HealthState(Healthy, new Dictionary<string, string> { ["store"] = Healthy ? "answers" : "does not answer" }) { Degraded = Degraded });

    /// <summary>Handles a context that a test or a client has made.</summary>
    public Task HandleAsync(HttpContext context) => _dispatcher.HandleAsync(context);

    /// <summary>Sends one request.</summary>
    public async Task<ApiAnswer> SendAsync(
        string method, string path, string? body = null, string? type = null, string? token = OperatorToken,
        CancellationToken cancellation = default, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext { RequestAborted = cancellation };
        var split = path.Split('?', 2);
        context.Request.Method = method;
        context.Request.Host = new HostString("localhost", 5180);
        context.Request.Path = split[0];
        context.Request.QueryString = new QueryString(split.Length > 1 ? "?" + split[1] : "");
        if (token is not null)
            context.Request.Headers.Authorization = $"Bearer {token}";
        if (body is not null)
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Request.ContentType = type;
        foreach (var (name, value) in headers)
            context.Request.Headers[name] = value;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await HandleAsync(context);
        return new ApiAnswer(context.Response.StatusCode, context.Response.Headers, Encoding.UTF8.GetString(answer.ToArray()));
    }

    /// <summary>Starts the small sample through the API, with its flag in place.</summary>
    public async Task<ReleaseId> StartSampleAsync(string? yaml = null)
    {
        await Flags.CreateOffAsync("search-v2", CancellationToken.None);
        var answer = await SendAsync("POST", "/api/releases", yaml ?? Requests.Samples.Small, "application/yaml");
        Assert.True(answer.Status == 201, answer.Body);
        return ReleaseId.Parse(answer.Json.GetProperty("id").GetString()!);
    }

    /// <summary>Stores a ledger as it is.</summary>
    public async Task<ReleaseId> LoadAsync(IReadOnlyList<LedgerEntry> entries)
    {
        var release = ((ReleaseCreated)entries[0].Read()).Plan.ReleaseId;
        LedgerDraft[] drafts = [.. entries.Select(entry => new LedgerDraft(entry.EntryId, entry.At, entry.Actor, entry.Read()))];
        await _journal.CreateAsync(release, drafts[0], CancellationToken.None);
        await _journal.AppendAsync(release, drafts[1..], CancellationToken.None);
        return release;
    }

    /// <summary>Appends what the workflow would append.</summary>
    public Task AppendAsync(ReleaseId release, params LedgerBody[] bodies) => _journal.AppendAsync(
        release,
        [.. bodies.Select((body, index) => new LedgerDraft($"test:{Guid.NewGuid():N}:{index}", _clock.GetUtcNow(), "slipway", body))],
        CancellationToken.None);

    /// <summary>Ends a release.</summary>
    public Task EndAsync(ReleaseId release, ReleasePhase phase) => AppendAsync(
        release,
        new PhaseEntered(phase, ReleaseTrigger.NoticesAccepted, 2, "for the test", null, ""),
        new ReleaseEnded(phase, "for the test", []));
}
