using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Core.Releases;
using Slipway.Scenarios.World;
using Slipway.Web.Access;
using Slipway.Web.Api;
using Slipway.Web.Pages.Handlers;

namespace Slipway.Security.Tests.Hostile;

/// <summary>The HTTP surface over a world, its pages as a browser gets them, and what it logs.</summary>
internal sealed class HostileWorld : IFlagCreator, ITelemetrySink, IHealthSource, ILogger<ApiDispatcher>
{
    public const string OperatorToken = "operator-token-zqcanary-0123456789";
    public const string TelemetryToken = "telemetry-token-zqcanary-0123456789";
    public const string PolicyKey = "policy-key-zqcanary-0123456789";

    private readonly ReleaseWorld _world;
    private readonly ApiDispatcher _dispatcher;

    public HostileWorld(ReleaseWorld world, byte[] secret)
    {
        _world = world;
        var tokens = new TokenAccessControl(
            [new ApiToken("otto", ApiRoles.Viewer | ApiRoles.Operator, OperatorToken), new ApiToken("shop", ApiRoles.Telemetry, TelemetryToken)],
            [new HashedKey("lee@example.com", ApiRoles.Viewer, SHA256.HashData(Encoding.UTF8.GetBytes(PolicyKey)))]);
        Pages = PageServices.Over(new WebKeys(secret), tokens, world.Time);
        _dispatcher = new ApiDispatcher(
            new ApiServices
            {
                Desk = world.Desk,
                Freezes = world.FreezeDesk,
                Locks = world.LockDesk,
                Flags = world.Flags,
                FlagCreator = this,
                Telemetry = this,
                Health = this,
                Access = new SessionAccessControl(tokens, Pages.Sessions),
                Pages = Pages,
                Time = world.Time,
            },
            this);
    }

    public PageServices Pages { get; }

    /// <summary>The lines of the log.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Asks as a browser that is signed in (by its token), or as a program; returns the answer with its headers.</summary>
    public async Task<(int Status, string Body, string Headers)> SendAsync(string method, string path, string? form = null, bool browser = true, bool signedIn = true, string token = OperatorToken)
    {
        var context = new DefaultHttpContext();
        var split = path.Split('?', 2);
        context.Request.Method = method;
        context.Request.Host = new HostString("localhost", 5180);
        context.Request.Path = "/" + Uri.UnescapeDataString(split[0]).TrimStart('/');
        context.Request.QueryString = new QueryString(split.Length > 1 ? "?" + split[1] : "");
        if (browser) (context.Request.Headers.Accept, context.Request.Headers["Sec-Fetch-Site"]) = ("text/html", "same-origin");
        if (signedIn) context.Request.Headers.Authorization = $"Bearer {token}";
        if (form is not null) (context.Request.ContentType, context.Request.Body) = ("application/x-www-form-urlencoded", new MemoryStream(Encoding.UTF8.GetBytes(form)));
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await _dispatcher.HandleAsync(context);
        return (context.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()), string.Join('\n', context.Response.Headers.Select(header => $"{header.Key}: {header.Value}")));
    }

    async Task<FlagCreation> IFlagCreator.CreateOffAsync(FlagKey flag, CancellationToken cancellation)
    {
        var write = await _world.Flags.CreateAsync(flag, "", cancellation);
        return new FlagCreation(write.Written, write.Current!);
    }

    Task<TelemetryReceipt> ITelemetrySink.IngestAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation) => Task.FromResult(new TelemetryReceipt(0, []));

    Task<HealthState> IHealthSource.ReadAsync(CancellationToken cancellation) => Task.FromResult(new HealthState(true, new Dictionary<string, string>()));

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Log.Add($"{formatter(state, exception)} {exception}");
}
