using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Api;

/// <summary>What <c>/health</c> answers.</summary>
/// <param name="Service">Always <c>slipway</c>.</param>
/// <param name="Status"><c>ok</c>; <c>degraded</c>: it works, and somebody has to look at a check; or <c>unhealthy</c>.</param>
/// <param name="Checks">What was checked.</param>
public sealed record HealthAnswer(string Service, string Status, IReadOnlyDictionary<string, string> Checks);

/// <summary>Health, open to everyone.</summary>
internal sealed class HealthHandlers(IHealthSource source)
{
    public async Task GetAsync(ApiRequest request)
    {
        var state = await source.ReadAsync(request.Cancellation);
        await request.WriteAsync(
            state.Healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            new HealthAnswer("slipway", !state.Healthy ? "unhealthy" : state.Degraded ? "degraded" : "ok", state.Checks));
    }
}
