using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Web.Api;

namespace Slipway.Cli.Hosting;

/// <summary>Kestrel on 127.0.0.1 and nowhere else. Until <see cref="Handler"/> is set every request is answered 503.</summary>
internal sealed class LoopbackHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackHost(WebApplication app) => _app = app;

    /// <summary>Where it listens, without a trailing slash.</summary>
    public string Url => _app.Urls.First().TrimEnd('/');

    /// <summary>Answers requests; null while the server is not ready.</summary>
    public RequestDelegate? Handler { get; set; }

    /// <summary>Listens. Throws <see cref="ServerStartException"/> when the port cannot be had.</summary>
    /// <param name="port">The port; 0: a free one.</param>
    /// <param name="logging">Where the log goes.</param>
    /// <param name="limits">Sets what one connection may cost.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<LoopbackHost> ListenAsync(int port, ILoggerFactory logging, Action<KestrelServerLimits> limits, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "slipway" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            limits(kestrel.Limits);
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddSingleton(logging);
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var app = builder.Build();
        var host = new LoopbackHost(app);
        app.Run(host.AnswerAsync);
        try
        {
            await app.StartAsync(cancellation);
            return host;
        }
        catch (Exception error) when (error is IOException or SocketException or AddressInUseException)
        {
            await app.DisposeAsync();
            throw new ServerStartException(PortProblem(port, error), error);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static string PortProblem(int port, Exception error) =>
        error is AddressInUseException || error.InnerException is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            ? $"Port {port} on 127.0.0.1 is in use by another program. Stop that program, or choose another port: `slipway serve --port {(port < 65535 ? port + 1 : 5180)}`"
            : $"Port {port} on 127.0.0.1 cannot be used: {error.GetBaseException().Message} Choose another port with --port N.";

    private Task AnswerAsync(HttpContext context)
    {
        if (Handler is { } handler) return handler(context);
        AnswerHeaders.Set(context.Response);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        return Task.CompletedTask;
    }
}
