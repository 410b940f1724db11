using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Http;

/// <summary>
/// Webhooks over HTTP: POST with the header <c>Idempotency-Key</c>. Accepted is a 2xx answer. Who knows the path of a chat's webhook may write to the chat:
/// what is told of a failure names its host alone.
/// </summary>
public sealed class HttpWebhook : IWebhook
{
    private readonly OutboundCall _call;
    private readonly TimeSpan _timeout;

    /// <summary>Makes a webhook sender.</summary>
    /// <param name="client">From <see cref="OutboundHttp.CreateClient"/>.</param>
    /// <param name="isAllowed">Whether a URL may be posted to.</param>
    /// <param name="time">Measures the timeout.</param>
    /// <param name="timeout">How long the other side may take to answer. Default: 15 seconds.</param>
    public HttpWebhook(HttpClient client, Func<Uri, bool> isAllowed, TimeProvider time, TimeSpan? timeout = null)
    {
        _call = new OutboundCall(client, isAllowed, time, ShownUrl.OfWebhook);
        _timeout = timeout ?? TimeSpan.FromSeconds(15);
    }

    /// <inheritdoc/>
    public async Task PostAsync(Uri url, string json, string idempotencyKey, CancellationToken cancellation)
    {
        using var request = JsonPost.To(url, json, idempotencyKey);
        var answer = await _call.SendAsync(request, _timeout, cancellation);
        if (!answer.Accepted) throw new PortUnavailableException("webhook", ShownUrl.Without(answer.Describe(), url, webhook: true));
    }
}
