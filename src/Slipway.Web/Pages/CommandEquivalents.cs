using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Core.Releases;

namespace Slipway.Web.Pages;

/// <summary>The command line and the HTTP request that do the same as a button. Pure.</summary>
public static class CommandEquivalents
{
    /// <summary>The command line of a command.</summary>
    public static string Cli(ReleaseId release, ReleaseCommandKind kind) => kind switch
    {
        ReleaseCommandKind.RollBack => $"slipway rollback {release} --reason \"why\"",
        ReleaseCommandKind.Extend => $"slipway extend {release} --by 30m",
        ReleaseCommandKind.AcknowledgeNotices => $"slipway acknowledge {release}",
        _ => $"slipway {kind.ToString().ToLowerInvariant()} {release} --reason \"why\"",
    };

    /// <summary>The HTTP request of a command.</summary>
    public static string Http(string baseUrl, ReleaseId release, ReleaseCommandKind kind)
    {
        var body = new JsonObject { ["kind"] = Word(kind), ["reason"] = "why" };
        if (kind == ReleaseCommandKind.Extend) body["duration"] = "30m";
        return Post(baseUrl, $"/api/releases/{release}/commands", body);
    }

    /// <summary>The HTTP request that tries a release again.</summary>
    public static string RetryHttp(string baseUrl, ReleaseId release) => Post(baseUrl, $"/api/releases/{release}/retry", new JsonObject { ["reason"] = "why" });

    /// <summary>The kind as the API has it.</summary>
    public static string Word(ReleaseCommandKind kind) =>
        kind == ReleaseCommandKind.RollBack ? "rollback" : JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static string Post(string baseUrl, string path, JsonObject body) =>
        $"curl -X POST {baseUrl}{path} -H \"Authorization: Bearer $SLIPWAY_TOKEN\" -H 'Content-Type: application/json' -d '{body.ToJsonString()}'";
}
