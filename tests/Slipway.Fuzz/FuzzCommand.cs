using System.Diagnostics;
using System.Globalization;
using Slipway.Fuzz.Running;
using Slipway.Fuzz.Targets;

namespace Slipway.Fuzz;

/// <summary>Runs the fuzzer over its targets and prints a table.</summary>
internal static class FuzzCommand
{
    /// <summary>From this many milliseconds on the slowest input is worth a look, although it is within the bound.</summary>
    private const double Near = 250;

    /// <summary>Runs; 0: nothing was found.</summary>
    public static int Run(FuzzOptions options, TextWriter output)
    {
        var targets = FuzzTargets.All.Where(target => options.Target is null || target.Name == options.Target).ToList();
        output.WriteLine("| Target | Inputs | Outcomes | Slowest (ms) | Most memory (KiB) | Longest input (bytes) | Found |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        var (total, found) = (0L, 0);
        foreach (var target in targets)
        {
            var until = options.Seconds is { } seconds ? Stopwatch.GetTimestamp() + (long)(seconds / (double)targets.Count * Stopwatch.Frequency) : long.MaxValue;
            var result = new Fuzzer(target, Corpus.Of(options.Corpus, target.Name), options.Seed).Run(Math.Max(1, options.Inputs / targets.Count), until);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {result.Target} | {result.Inputs} | {result.Outcomes} | {result.SlowestMs:0.0} | {result.MostBytes / 1024} | {result.LongestInput} | {result.Findings.Count} |"));
            foreach (var finding in result.Findings) output.WriteLine($"{finding.Kind}: {finding.What}; kept as {FindingFile.Write(target.Name, finding.Kind, finding.Input)}");
            if (result.SlowestMs > Near) output.WriteLine($"the slowest input is kept as {FindingFile.Write(target.Name, "slowest", result.SlowestInput)}");
            if (options.Keep) output.WriteLine($"{Corpus.Keep(options.Corpus, target.Name, result.Pool)} inputs added to the corpus");
            output.Flush();
            total += result.Inputs;
            found += result.Findings.Count;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{total} inputs from seed {options.Seed}, {(found == 0 ? "nothing" : $"{found} faults")} found."));
        return found == 0 ? 0 : 1;
    }
}

/// <summary>What the command line asks for.</summary>
/// <param name="Inputs">How many inputs, over all targets together.</param>
/// <param name="Seconds">When to stop although there are more; null: never.</param>
/// <param name="Seed">Chooses the inputs.</param>
/// <param name="Target">The one target; null: all of them.</param>
/// <param name="Corpus">The folder of the corpus.</param>
/// <param name="Keep">Whether inputs with new outcomes are added to it.</param>
internal sealed record FuzzOptions(long Inputs, int? Seconds, ulong Seed, string? Target, string Corpus, bool Keep)
{
    /// <summary>Reads the command line; null when it is not understood.</summary>
    public static FuzzOptions? Parse(string[] args)
    {
        var options = new FuzzOptions(100_000, null, 1, null, Path.Combine(AppContext.BaseDirectory, "corpus"), false);
        for (var at = 0; at < args.Length; at++)
        {
            if (args[at] == "--keep" && at + 1 < args.Length) options = options with { Keep = true, Corpus = args[++at] };
            else if (at + 1 == args.Length) return null;
            else if (args[at] == "--target" && FuzzTargets.All.Any(target => target.Name == args[at + 1])) options = options with { Target = args[++at] };
            else if (args[at] == "--seed" && args[at + 1] == "new") (options, at) = (options with { Seed = (ulong)Random.Shared.NextInt64(1_000_000_000, 1_000_000_000_000) }, at + 1);
            else if (args[at] == "--seed" && ulong.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var seed)) (options, at) = (options with { Seed = seed }, at + 1);
            else if (args[at] == "--inputs" && long.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var inputs)) (options, at) = (options with { Inputs = inputs }, at + 1);
            else if (args[at] == "--seconds" && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) (options, at) = (options with { Seconds = seconds }, at + 1);
            else return null;
        }

        return options;
    }
}
