using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core.Releases;
using Slipway.Web.Access;
using Slipway.Web.Api;
using Slipway.Web.Pages.Handlers;

namespace Slipway.Scenarios.World;

/// <summary>The HTTP surface over a world, for whoever opens the links of its mails.</summary>
internal sealed class OpenServer : IFlagCreator, ITelemetrySink, IHealthSource
{
    private readonly ReleaseWorld _world;
    private readonly ApiDispatcher _dispatcher;

    public OpenServer(ReleaseWorld world)
    {
        _world = world;
        var tokens = new TokenAccessControl([new ApiToken("vera", ApiRoles.Viewer, "viewer-token-0123456789")]);
        var pages = PageServices.Over(new WebKeys(new byte[32]), tokens, world.Time);
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
                Access = new SessionAccessControl(tokens, pages.Sessions),
                Pages = pages,
                Time = world.Time,
            },
            NullLogger<ApiDispatcher>.Instance);
    }

    /// <summary>Opens an address of a mail, as a browser or as a program, signed in or not.</summary>
    public async Task<int> OpenAsync(string method, Uri url, bool browser, bool signedIn)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Host = new HostString(url.Host, url.Port);
        context.Request.Path = Uri.UnescapeDataString(url.AbsolutePath);
        context.Request.QueryString = new QueryString(url.Query);
        if (browser) context.Request.Headers.Accept = "text/html";
        if (signedIn) context.Request.Headers.Authorization = "Bearer viewer-token-0123456789";
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await _dispatcher.HandleAsync(context);
        return context.Response.StatusCode;
    }

    async Task<FlagCreation> IFlagCreator.CreateOffAsync(FlagKey flag, CancellationToken cancellation)
    {
        var write = await _world.Flags.CreateAsync(flag, "", cancellation);
        return new FlagCreation(write.Written, write.Current!);
    }

    Task<TelemetryReceipt> ITelemetrySink.IngestAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation) => Task.FromResult(new TelemetryReceipt(0, []));

    Task<HealthState> IHealthSource.ReadAsync(CancellationToken cancellation) => Task.FromResult(new HealthState(true, new Dictionary<string, string>()));
}
