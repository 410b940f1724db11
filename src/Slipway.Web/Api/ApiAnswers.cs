using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Serialization;
using Slipway.Web.Pages.Handlers;

namespace Slipway.Web.Api;

/// <summary>Writes answers: JSON, problems, and the headers that every answer carries.</summary>
internal static class ApiAnswers
{
    public const string Json = "application/json; charset=utf-8";
    public const string ProblemJson = "application/problem+json; charset=utf-8";

    public static void Harden(HttpResponse response)
    {
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
    }

    public static Task WriteAsync<T>(this ApiRequest request, int status, T value) =>
        request.WriteTextAsync(status, Json, JsonSerializer.Serialize(value, SlipwayJson.Options));

    public static async Task WriteTextAsync(this ApiRequest request, int status, string contentType, string text)
    {
        var response = request.Http.Response;
        var bytes = Encoding.UTF8.GetBytes(text);
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(request.Http.Request.Method))
            await response.Body.WriteAsync(bytes, request.Cancellation);
    }

    public static Task WriteAsync(this ApiRequest request, ApiProblem problem)
    {
        var response = request.Http.Response;
        if (problem.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (problem.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer realm=\"slipway\"";
        if (request.Page) return request.WriteProblemPageAsync(problem);
        var complete = problem with { Instance = request.Http.Request.Path.Value ?? "", Id = request.Id };
        return request.WriteTextAsync(problem.Status, ProblemJson, JsonSerializer.Serialize(complete, SlipwayJson.Options));
    }
}
