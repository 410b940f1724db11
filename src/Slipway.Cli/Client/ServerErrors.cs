using System.Globalization;
using System.Net;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Core.Serialization;
using Slipway.Web.Api;

namespace Slipway.Cli.Client;

/// <summary>Turns what a server answered, or its silence, into an error with an exit code.</summary>
internal static class ServerErrors
{
    /// <summary>The kind of an error that another try may cure.</summary>
    public const string UnreachableKind = "server_unreachable";

    public static CliError Unreachable(Uri server, string why) => new()
    {
        ExitCode = ExitCodes.Error,
        Kind = UnreachableKind,
        What = $"No server answers at {Name(server)}",
        Why = why,
        Fix = "Start one with `slipway serve`, or name another with --server or SLIPWAY_SERVER.",
    };

    public static CliError NotSlipway(Uri server, string why) => new()
    {
        ExitCode = ExitCodes.Error,
        Kind = "unexpected_answer",
        What = $"What answers at {Name(server)} does not speak like Slipway",
        Why = why,
        Fix = "Check the URL, and that server and CLI have the same version (`slipway version`).",
    };

    public static CliError Of(Uri server, HttpResponseMessage response, string body)
    {
        var status = (int)response.StatusCode;
        var type = response.Content.Headers.ContentType?.MediaType;
        if (status == 422 && type == "application/json")
            return Insufficient(server, body);
        if (type != "application/problem+json" || Parse(body) is not { } problem)
            return NotSlipway(server, string.Create(CultureInfo.InvariantCulture, $"status {status}, content type {type ?? "none"}"));
        return new CliError
        {
            ExitCode = ExitCodeOf(response.StatusCode),
            Kind = problem.Type.Split(':')[^1],
            What = problem.Title,
            Why = problem.Detail,
            Fix = problem.Fix,
            Id = problem.Id,
            Problems = problem.Errors ?? [],
        };
    }

    private static int ExitCodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCodes.NotAuthorised,
        HttpStatusCode.Conflict => ExitCodes.Conflict,
        _ => ExitCodes.Error,
    };

    private static CliError Insufficient(Uri server, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.TryGetProperty("error", out var error) && error.ValueEquals("insufficient_context"))
            {
                return new CliError
                {
                    ExitCode = ExitCodes.Error,
                    Kind = "insufficient_context",
                    What = "The request does not say enough to release safely",
                    Why = "nothing was started",
                    Insufficient = body,
                };
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Falls through: not Slipway's answer.
        }

        return NotSlipway(server, "status 422 without the insufficient_context object");
    }

    private static ApiProblem? Parse(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<ApiProblem>(body, SlipwayJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Name(Uri server) => server.GetLeftPart(UriPartial.Authority);
}
