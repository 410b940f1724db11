namespace Slipway.Cli.Tests.Demo;

/// <summary>Flags as App Configuration stores them.</summary>
internal static class FlagJson
{
    public static string Off(string name) => $$$"""{"id":"{{{name}}}","description":"","enabled":false,"conditions":{"client_filters":[]}}""";

    public static string At(string name, decimal percent) =>
        $$$"""
        {"id":"{{{name}}}","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting",
        "parameters":{"Audience":{"Users":[],"Groups":[],"DefaultRolloutPercentage":{{{percent}}} } } }]}}
        """;
}
