using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Http;

/// <summary>HTTP checks over a real client. A redirect is an answer like any other: its status is reported and it is not followed.</summary>
public sealed class HttpProbe : IProbe
{
    private readonly OutboundCall _call;

    /// <summary>Makes a probe.</summary>
    /// <param name="client">From <see cref="OutboundHttp.CreateClient"/>: one that follows no redirect and has no timeout of its own.</param>
    /// <param name="isAllowed">Whether a URL may be asked at all; asked again where a client followed a redirect after all.</param>
    /// <param name="time">Measures latency and timeout.</param>
    public HttpProbe(HttpClient client, Func<Uri, bool> isAllowed, TimeProvider time) => _call = new OutboundCall(client, isAllowed, time);

    /// <inheritdoc/>
    public async Task<ProbeResult> GetAsync(Uri url, TimeSpan timeout, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", "slipway-probe");
        var answer = await _call.SendAsync(request, timeout, cancellation);
        return new ProbeResult(answer.Status, answer.LatencyMs, answer.Body, answer.Error);
    }
}
