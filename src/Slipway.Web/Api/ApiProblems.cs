using Microsoft.AspNetCore.Http;
using Slipway.Core.Requests;

namespace Slipway.Web.Api;

/// <summary>The problems that more than one handler answers with.</summary>
internal static class ApiProblems
{
    public static ApiProblem NoSuchAddress(string path) => ApiProblem.Of(
        StatusCodes.Status404NotFound, "no_such_address", "No such address",
        $"'{path}' is not an address of this server.", "The releases are at /api/releases; check the path.");

    public static ApiProblem NoSuchRelease(string id) => ApiProblem.Of(
        StatusCodes.Status404NotFound, "no_such_release", "No such release",
        $"There is no release '{id}' on this server.", "List the releases with GET /api/releases or `slipway list`.");

    public static ApiProblem NoSuchDocument(string name, IReadOnlyList<string> names) => ApiProblem.Of(
        StatusCodes.Status404NotFound, "no_such_document", "No such document",
        $"There is no document '{name}' of a release.", $"The documents are {string.Join(", ", names)}.");

    public static ApiProblem NotAuthenticated { get; } = ApiProblem.Of(
        StatusCodes.Status401Unauthorized, "not_authenticated", "Not authenticated",
        "The request carries no token, or one that this server does not know.",
        "Send 'Authorization: Bearer TOKEN'. The CLI reads the token from server.json in the data folder, or from SLIPWAY_TOKEN.");

    public static ApiProblem Forbidden(string caller, string needed) => ApiProblem.Of(
        StatusCodes.Status403Forbidden, "not_allowed", "Not allowed",
        $"'{caller}' does not have the role {needed}.", $"Use a token with the role {needed}.");

    public static ApiProblem NoOperator(string caller) => ApiProblem.Of(
        StatusCodes.Status403Forbidden, "not_allowed", "Not allowed",
        $"The server's policy does not list '{caller}' under operators.", "Ask somebody who is listed, or have the policy changed.");

    public static ApiProblem PolicyUnknown(string why) => ApiProblem.Of(
        StatusCodes.Status503ServiceUnavailable, "policy_unknown", "The server policy is unknown",
        $"Nobody knows what this server allows ({why}): nothing starts, and releases under way can be paused, rolled back and aborted.",
        "Correct the server policy; the server looks at it once a minute.");

    public static ApiProblem SessionNotEnough { get; } = ApiProblem.Of(
        StatusCodes.Status403Forbidden, "session_not_enough", "A browser session is not enough here",
        "The API changes something only for a request that carries its own token: a browser sends its session by itself, whoever made it ask.",
        "Send 'Authorization: Bearer TOKEN', or use the pages.");

    public static ApiProblem CrossSite { get; } = ApiProblem.Of(
        StatusCodes.Status403Forbidden, "cross_site", "Sent from another site",
        "The browser says that another site made it send this form; nothing was done.", "Open the page on this server, and send its own form.");

    public static ApiProblem StaleForm { get; } = ApiProblem.Of(
        StatusCodes.Status400BadRequest, "stale_form", "The form is not valid any more",
        "The form was open for too long, or did not come from this server's page; nothing was done.", "Open the page again, and send its form.");

    public static ApiProblem ForeignHost(string host) => ApiProblem.Of(
        StatusCodes.Status403Forbidden, "host_not_allowed", "Host not allowed",
        $"This server does not answer under the name '{host}'.",
        "Use the URL that `slipway serve` printed, or add the name to the server's allowed hosts.");

    public static ApiProblem WrongMethod(string method, string allowed) => ApiProblem.Of(
        StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "Method not allowed",
        $"{method} is not possible here.", $"Possible: {allowed}.");

    public static ApiProblem TooLarge(long limit) => ApiProblem.Of(
        StatusCodes.Status413PayloadTooLarge, "body_too_large", "Body too large",
        $"The body is larger than {limit} bytes.", "Send a smaller document.");

    public static ApiProblem WrongMediaType(string? found, string expected) => ApiProblem.Of(
        StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Unsupported media type",
        string.IsNullOrEmpty(found) ? "The request has no Content-Type." : $"'{found}' is not understood here.",
        $"Set Content-Type to {expected}.");

    public static ApiProblem Invalid(string title, string detail, string fix, IReadOnlyList<RequestProblem> errors) =>
        ApiProblem.Of(StatusCodes.Status400BadRequest, "invalid_input", title, detail, fix) with { Errors = errors };

    public static ApiProblem Query(string name, string found, string expected) => Invalid(
        "Invalid query", $"The query parameter '{name}' is not valid.", $"Use {expected}.", [RequestProblem.At(name, found, expected)]);

    public static ApiProblem TooMany(int seconds) => ApiProblem.Of(
        StatusCodes.Status429TooManyRequests, "too_many_requests", "Too many requests",
        "This caller sent more requests within a minute than the server takes; nothing was done.", $"Send it again after {seconds} s.") with
    { RetryAfter = seconds };

    public static ApiProblem Unavailable(string detail) => ApiProblem.Of(
        StatusCodes.Status503ServiceUnavailable, "unavailable", "Temporarily unavailable",
        detail, "Send it again in a few seconds; a start, and a command with an id of its own, count once however often they are sent.") with
    { RetryAfter = 5 };

    public static ApiProblem Unexpected { get; } = ApiProblem.Of(
        StatusCodes.Status500InternalServerError, "unexpected", "Unexpected error",
        "The server met an error that it did not expect; its log has the details under this id.",
        "Try again; if it happens again, report it with the id.");
}
