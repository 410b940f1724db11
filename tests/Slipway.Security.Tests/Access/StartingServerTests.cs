using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Cli.Hosting;

namespace Slipway.Security.Tests.Access;

/// <summary>A server that listens and is not ready yet.</summary>
public sealed class StartingServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Before_it_is_ready_a_server_answers_with_the_security_headers_too()
    {
        await using var host = await LoopbackHost.ListenAsync(0, NullLoggerFactory.Instance, ServerLimits.Apply, Cancellation);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"{host.Url}/releases/search"), Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var headers = answer.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(("1", "no-store", "nosniff"), (headers["Retry-After"], headers["Cache-Control"], headers["X-Content-Type-Options"]));
        Assert.Equal(("DENY", "no-referrer", "same-origin"), (headers["X-Frame-Options"], headers["Referrer-Policy"], headers["Cross-Origin-Resource-Policy"]));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", headers["Content-Security-Policy"]);
    }
}
