using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core.Releases;
using Slipway.Core.Serialization;
using Slipway.Core.Strategies;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Http;

/// <summary>
/// The deploy hook over HTTP: POST <c>{"release", "action", "version", "region", "percentage", "sequence", "idempotency_key"}</c> with the
/// header <c>Idempotency-Key</c>, and <c>target</c> and <c>argument</c> where an operation has them. 2xx is done; 202 is under way, to be asked again at its <c>Location</c> with GET or, without one, by the
/// same POST. The status answers 202 or a JSON <c>status</c> of running while it goes on, of succeeded or failed at its end; 2xx without one is
/// done. A <c>Location</c> that is no address is no answer. It never throws for what the other side does; a URL outside the allow-list is answered without being called.
/// </summary>
public sealed class HttpDeployHook : IDeployHook
{
    // Below the 30 s in which the workflow wants an answer, so that a call that was given up here is over when it is tried again.
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(25);

    private readonly OutboundCall _call;
    private readonly TimeSpan _timeout;

    /// <summary>Makes a hook.</summary>
    /// <param name="client">From <see cref="OutboundHttp.CreateClient"/>.</param>
    /// <param name="isAllowed">Whether a URL may be called; asked for status addresses too.</param>
    /// <param name="time">Measures the timeout.</param>
    /// <param name="timeout">How long the pipeline may take to answer; what takes longer is answered with 202. Default: 25 seconds.</param>
    public HttpDeployHook(HttpClient client, Func<Uri, bool> isAllowed, TimeProvider time, TimeSpan? timeout = null)
    {
        _call = new OutboundCall(client, isAllowed, time);
        _timeout = timeout ?? DefaultTimeout;
    }

    /// <inheritdoc/>
    public async Task<HookResult> CallAsync(Uri hook, HookCall call, CancellationToken cancellation)
    {
        var step = call.Step;
        var json = JsonSerializer.Serialize(
            new Body(call.Release, step.Action, step.Version, step.Region, step.Percentage, call.Sequence, call.Key, step.Target, step.Argument), SlipwayJson.Options);
        using var request = JsonPost.To(hook, json, call.Key);
        var answer = await _call.SendAsync(request, _timeout, cancellation);
        var result = HookAnswer.Read(answer, hook);
        if (result.Progress != HookProgress.UnderWay || answer.Location is not { Length: > 0 } location) return result;
        return Uri.TryCreate(hook, location, out var status)
            ? result with { Status = status }
            : new HookResult(HookProgress.NoAnswer, $"HTTP {answer.Status} with a Location that is no address, so that how far the step is cannot be asked.");
    }

    /// <inheritdoc/>
    public async Task<HookResult> StatusAsync(Uri status, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, status);
        request.Headers.TryAddWithoutValidation("User-Agent", "slipway");
        return HookAnswer.ReadStatus(await _call.SendAsync(request, _timeout, cancellation), status);
    }

    private sealed record Body(
        ReleaseId Release, DeployAction Action, string Version, string Region, Percentage Percentage, long Sequence, string IdempotencyKey,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Target,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Argument);
}
