using System.Net;
using System.Net.Sockets;
using Slipway.Embedded.Http;
using Slipway.Workflow.Ports;

namespace Slipway.Security.Tests.Secrets;

/// <summary>How the webhooks of a release fail.</summary>
public enum WebhookEnd
{
    /// <summary>They do not.</summary>
    Accepted,

    /// <summary>Nobody listens at their port.</summary>
    NobodyListens,

    /// <summary>The allow-list does not have them.</summary>
    NotAllowed,

    /// <summary>They answer 404, and repeat what they were asked, as many a server does.</summary>
    RepeatsTheAddress,
}

/// <summary>The real sender of webhooks, over something that fails.</summary>
internal sealed class FailingWebhooks : IDisposable
{
    // Bound and not listening: nobody else gets the port, and whoever connects is refused.
    private readonly Socket _closed = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly HttpClient _client;

    public FailingWebhooks(WebhookEnd end, TimeProvider time)
    {
        _closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _client = end == WebhookEnd.RepeatsTheAddress ? new HttpClient(new Echo()) : OutboundHttp.CreateClient();
        Sender = end == WebhookEnd.Accepted ? null : new HttpWebhook(_client, _ => end != WebhookEnd.NotAllowed, time);
    }

    /// <summary>Where they are.</summary>
    public Uri Base => new($"http://127.0.0.1:{((IPEndPoint)_closed.LocalEndPoint!).Port}/");

    /// <summary>Sends to them; null: they accept everything.</summary>
    public IWebhook? Sender { get; }

    public void Dispose()
    {
        _client.Dispose();
        _closed.Dispose();
    }

    private sealed class Echo : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent($"Cannot POST {request.RequestUri!.PathAndQuery}"), RequestMessage = request });
    }
}
