using System.Globalization;
using System.Runtime.InteropServices;

namespace Slipway.Benchmarks.Speed;

/// <summary>What the numbers were measured on.</summary>
/// <param name="System">The operating system.</param>
/// <param name="Processor">The model where the system tells it, the architecture and the cores.</param>
/// <param name="Memory">GiB that the process may use.</param>
/// <param name="Runtime">The runtime.</param>
internal sealed record Machine(string System, string Processor, double Memory, string Runtime)
{
    /// <summary>This one.</summary>
    public static Machine Current { get; } = new(
        RuntimeInformation.OSDescription,
        $"{Model()}{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores",
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
        RuntimeInformation.FrameworkDescription);

    /// <summary>In one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{System}; {Processor}, {Memory:0.#} GiB; {Runtime}");

    private static string Model()
    {
        const string Info = "/proc/cpuinfo";
        var line = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? "" : line[(line.IndexOf(':') + 1)..].Trim() + ", ";
    }
}
