using Microsoft.AspNetCore.Http;

namespace Slipway.Cli.Demo.Storefront;

/// <summary>Measures each request that met a flag: which side it was on, how long it took, whether it failed.</summary>
internal sealed class TelemetryMiddleware(RequestDelegate next, TelemetryWindows windows, TimeProvider time)
{
    /// <summary>Runs one request. A failure of the endpoint becomes a 500 without details.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var began = time.GetTimestamp();
        string? errorType = null;
        try
        {
            await next(context);
            if (context.Response.StatusCode >= 500) errorType = $"HTTP {context.Response.StatusCode}";
        }
        catch (StorefrontFailure failure)
        {
            errorType = failure.ErrorType;
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        if (context.Features.Get<Exposure>() is not { } exposure || context.RequestAborted.IsCancellationRequested) return;
        var elapsed = time.GetElapsedTime(began);
        var shopper = ShopperTargeting.ShopperOf(context.Request);
        var at = time.GetUtcNow();
        foreach (var (flag, canary) in exposure.Sides) windows.Count(flag, canary, at, shopper, elapsed, errorType);
    }
}
