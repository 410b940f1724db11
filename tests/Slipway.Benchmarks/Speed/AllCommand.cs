using System.Diagnostics;

namespace Slipway.Benchmarks.Speed;

/// <summary>Measures the table of speed and prints it.</summary>
internal static class AllCommand
{
    /// <summary>How often a part is measured again that fell behind the kept table: what is slower for good is slower each time.</summary>
    private const int Again = 2;

    /// <summary>Runs the parts one after the other, tells about progress on the error stream, and prints the table.</summary>
    /// <param name="arguments">What follows the word "all".</param>
    /// <returns>0; 1: a ratio fell behind the kept table; 2: the arguments are not understood.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (SpeedArguments.Parse(arguments) is not { } asked) return Usage();
        var kept = asked.Against is null ? null : KeptTable.Read(await File.ReadAllTextAsync(asked.Against));
        var run = new SpeedRun(asked.Quick);
        var mode = asked.Quick ? "quick" : "full";
        if (kept is not null && kept.Mode != mode)
        {
            Console.Error.WriteLine($"{asked.Against} is a {kept.Mode} table; this is a {mode} run.");
            return 2;
        }

        var start = Stopwatch.GetTimestamp();
        List<(SpeedPart Part, SpeedRow Row)> rows = [];
        List<string> worse = [];
        foreach (var part in SpeedPart.All.Where(part => asked.Parts.Count == 0 || asked.Parts.Contains(part.Name)))
        {
            for (var attempt = 0; ; attempt++)
            {
                var measured = await MeasureAsync(part);
                var fallen = kept?.Regressions(measured, [part.Name]) ?? [];
                if (fallen.Count > 0 && attempt < Again)
                {
                    Console.Error.WriteLine($"{part.Name}: measured again, since {string.Join("; ", fallen)}");
                    continue;
                }

                rows.AddRange(measured);
                worse.AddRange(fallen);
                break;
            }
        }

        var report = new SpeedReport(mode, Machine.Current, Stopwatch.GetElapsedTime(start), rows);
        Console.WriteLine(asked.Json ? report.ToJson() : report.ToText());
        foreach (var fallen in worse) Console.Error.WriteLine($"SLOWER: {fallen}");
        return worse.Count > 0 ? 1 : 0;

        async Task<List<(SpeedPart, SpeedRow)>> MeasureAsync(SpeedPart part)
        {
            List<(SpeedPart, SpeedRow)> measured = [];
            await foreach (var row in part.Measure(run))
            {
                measured.Add((part, row));
                Console.Error.WriteLine(FormattableString.Invariant($"{Stopwatch.GetElapsedTime(start).TotalSeconds,6:0.0} s  {part.Name}: {row.What}"));
            }

            return measured;
        }
    }

    private static int Usage()
    {
        Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Slipway.Benchmarks -- all [--quick] [--json] [--against FILE] [PART ...]");
        Console.Error.WriteLine($"parts: {string.Join(", ", SpeedPart.All.Select(part => part.Name))}");
        Console.Error.WriteLine("--against FILE: what an earlier run of the same size printed with --json; exit 1 when a ratio fell by more than 30 %");
        return 2;
    }
}
