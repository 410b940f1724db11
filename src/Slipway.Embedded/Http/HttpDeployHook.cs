using System.Text.Json;
using Slipway.Core.Serialization;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Http;

/// <summary>
/// The deploy hook over HTTP: POST <c>{"version": "2.3.7", "idempotency_key": "…"}</c> with the header <c>Idempotency-Key</c>. It never
/// throws for what the other side does; a URL outside the allow-list is answered without being called.
/// </summary>
public sealed class HttpDeployHook : IDeployHook
{
    private readonly OutboundCall _call;
    private readonly TimeSpan _timeout;

    /// <summary>Makes a hook.</summary>
    /// <param name="client">From <see cref="OutboundHttp.CreateClient"/>.</param>
    /// <param name="isAllowed">Whether a URL may be called.</param>
    /// <param name="time">Measures the timeout.</param>
    /// <param name="timeout">How long the pipeline may take to answer. Default: 5 minutes.</param>
    public HttpDeployHook(HttpClient client, Func<Uri, bool> isAllowed, TimeProvider time, TimeSpan? timeout = null)
    {
        _call = new OutboundCall(client, isAllowed, time);
        _timeout = timeout ?? TimeSpan.FromMinutes(5);
    }

    /// <inheritdoc/>
    public async Task<HookResult> InvokeAsync(Uri hook, string version, string idempotencyKey, CancellationToken cancellation)
    {
        var json = JsonSerializer.Serialize(new HookCall(version, idempotencyKey), SlipwayJson.Options);
        using var request = JsonPost.To(hook, json, idempotencyKey);
        var answer = await _call.SendAsync(request, _timeout, cancellation);
        return new HookResult(answer.Accepted, answer.Describe());
    }

    private sealed record HookCall(string Version, string IdempotencyKey);
}
