using System.Text.Json.Serialization;
using Slipway.Core.Requests;

namespace Slipway.Web.Api;

/// <summary>An error as RFC 9457 <c>application/problem+json</c>: what, why, how to fix it, and an id.</summary>
public sealed record ApiProblem
{
    /// <summary>A stable URN of the kind of problem, <c>urn:slipway:problem:…</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What: the kind of problem in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>Why: what was found, against what is expected.</summary>
    public required string Detail { get; init; }

    /// <summary>How to fix it; a command where there is one.</summary>
    public required string Fix { get; init; }

    /// <summary>The path that was asked for.</summary>
    public string Instance { get; init; } = "";

    /// <summary>This very occurrence; the same id stands in the server's log.</summary>
    public string Id { get; init; } = "";

    /// <summary>Every problem of the input at once; null when the problem is not one of input.</summary>
    public IReadOnlyList<RequestProblem>? Errors { get; init; }

    /// <summary>The release that stands in the way; null when none does.</summary>
    public string? ReleaseId { get; init; }

    /// <summary>Seconds after which another try makes sense; sent as <c>Retry-After</c>.</summary>
    [JsonIgnore]
    public int? RetryAfter { get; init; }

    /// <summary>Makes a problem of the kind <paramref name="kind"/>, a snake_case word.</summary>
    public static ApiProblem Of(int status, string kind, string title, string detail, string fix) =>
        new() { Type = $"urn:slipway:problem:{kind}", Title = title, Status = status, Detail = detail, Fix = fix };
}
