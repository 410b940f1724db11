using Microsoft.AspNetCore.Http;
using Slipway.Web.Api;

namespace Slipway.Web.Pages.Handlers;

/// <summary>Style, script and icon.</summary>
internal static class AssetHandlers
{
    public static async Task GetAsync(ApiRequest request)
    {
        if (PageAssets.Find(request.Values["name"]) is not { } asset)
        {
            await request.WriteAsync(ApiProblems.NoSuchAddress(request.Http.Request.Path.Value ?? ""));
            return;
        }

        var response = request.Http.Response;
        // The name changes with the content.
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = asset.MediaType;
        response.ContentLength = asset.Content.Length;
        if (!HttpMethods.IsHead(request.Http.Request.Method)) await response.Body.WriteAsync(asset.Content, request.Cancellation);
    }
}
