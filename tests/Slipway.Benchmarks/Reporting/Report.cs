using System.Runtime.InteropServices;

namespace Slipway.Benchmarks.Reporting;

/// <summary>The whole table, and what it was measured on.</summary>
/// <param name="Rows">In order.</param>
/// <param name="Mode">quick or full.</param>
/// <param name="Took">How long it took.</param>
internal sealed record Report(IReadOnlyList<Row> Rows, string Mode, TimeSpan Took)
{
    /// <summary>Where every number comes from.</summary>
    public const string Seeds =
        "run i of a case: xoshiro256** seeded by FNV-1a of the case's name + i * 0x9E3779B97F4A7C15; every judge sees the same streams";

    /// <summary>The operating system.</summary>
    public string System { get; } = RuntimeInformation.OSDescription;

    /// <summary>The processor's architecture and the number of cores.</summary>
    public string Processor { get; } = $"{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores";

    /// <summary>The runtime.</summary>
    public string Runtime { get; } = RuntimeInformation.FrameworkDescription;

    /// <summary>How many releases were simulated.</summary>
    public long Runs => Rows.Sum(row => (long)row.Runs);
}
