using Slipway.Fuzz.Running;

namespace Slipway.Fuzz.Targets;

/// <summary>Everything that is fuzzed.</summary>
internal static class FuzzTargets
{
    /// <summary>The targets, in the order of the table.</summary>
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new RequestTarget("request-yaml", "application/yaml"), new RequestTarget("request-json", "application/json"), new RequestTarget("request-brief", "text/markdown"),
        new FlagTarget(), new TokenTarget(), new TelemetryTarget(), new QueryResultTarget(), new KqlLiteralTarget(), new LedgerTarget(),
    ];
}
