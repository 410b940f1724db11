using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Serialization;
using Slipway.Web.Pages.Handlers;

namespace Slipway.Web.Api;

/// <summary>Writes answers: JSON and problems.</summary>
internal static class ApiAnswers
{
    public const string Json = "application/json; charset=utf-8";
    public const string ProblemJson = "application/problem+json; charset=utf-8";

    public static void Harden(HttpResponse response) => AnswerHeaders.Set(response);

    public static Task WriteAsync<T>(this ApiRequest request, int status, T value) =>
        request.WriteTextAsync(status, Json, JsonSerializer.Serialize(value, SlipwayJson.Options));

    public static async Task WriteTextAsync(this ApiRequest request, int status, string contentType, string text)
    {
        var response = request.Http.Response;
        var bytes = Encoding.UTF8.GetBytes(text);
        if (status == StatusCodes.Status200OK && !request.Page && request.IsUnchanged(bytes)) return;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(request.Http.Request.Method))
            await response.Body.WriteAsync(bytes, request.Cancellation);
    }

    /// <summary>What a client knows already is not sent again. Where a handler knows no version of its own, the content's hash is it.</summary>
    private static bool IsUnchanged(this ApiRequest request, byte[] bytes)
    {
        var (incoming, response) = (request.Http.Request, request.Http.Response);
        if (!HttpMethods.IsGet(incoming.Method) && !HttpMethods.IsHead(incoming.Method)) return false;
        if (response.Headers.ETag.Count == 0) response.Headers.ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"";
        return request.Knows(response.Headers.ETag.ToString());
    }

    /// <summary>Whether the request says that it has the version of a tag; it is answered 304 then.</summary>
    public static bool Knows(this ApiRequest request, string tag)
    {
        var same = request.Http.Request.Headers.IfNoneMatch
            .SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries))
            .Any(known => known == "*" || known == tag || known == $"W/{tag}");
        if (same) request.Http.Response.StatusCode = StatusCodes.Status304NotModified;
        return same;
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
