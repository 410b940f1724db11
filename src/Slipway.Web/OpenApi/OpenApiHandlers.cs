using Microsoft.AspNetCore.Http;
using Slipway.Web.Api;

namespace Slipway.Web.OpenApi;

/// <summary>Serves the OpenAPI document.</summary>
internal static class OpenApiHandlers
{
    public static Task GetAsync(ApiRequest request) => request.WriteTextAsync(StatusCodes.Status200OK, ApiAnswers.Json, OpenApiDocument.Text);
}
