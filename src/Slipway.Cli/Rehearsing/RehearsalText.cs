using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Rehearsal.Running;

namespace Slipway.Cli.Rehearsing;

/// <summary>The matrix of a rehearsal in plain text.</summary>
internal static class RehearsalText
{
    private static readonly string[] Titles = ["SCENARIO", "STAGE", "OUTCOME", "DETECTED", "HARMED", "PEAK", "SAFE", "PROMISES"];

    public static void Write(CommandIo io, string file, RehearsalReport report)
    {
        foreach (var assumption in report.Assumptions) io.Data(Printable.Line(assumption));
        List<string[]> rows = [Titles, .. report.Scenarios.Select(Cells)];
        var widths = Enumerable.Range(0, Titles.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows) io.Data(Printable.Line(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
        var received = report.Scenarios.Where(scenario => scenario.Runs.Count > 0).ToList();
        if (received.Count > 0) io.Data($"Received (seed {report.Seed.ToString(CultureInfo.InvariantCulture)}):");
        foreach (var scenario in received)
            io.Data(Printable.Line($"  {scenario.Name}: {(scenario.Runs[0].Received.Count == 0 ? "nobody anything" : string.Join("; ", scenario.Runs[0].Received.Select(post => $"{post.Recipient} {string.Join(", ", post.Messages)}")))}"));
        foreach (var scenario in report.Scenarios.Where(scenario => !scenario.Passed)) WriteBroken(io, file, scenario);
        io.Say(Sentence(report));
    }

    private static string[] Cells(ScenarioResult scenario)
    {
        if (scenario.NotApplicable is { } why) return [scenario.Name, "-", "-", "-", "-", "-", "-", $"does not apply: {why}"];
        var row = RehearsalRows.Of(scenario);
        return
        [
            scenario.Name,
            scenario.Stage!.Value.ToString(CultureInfo.InvariantCulture),
            Outcomes(scenario),
            row.MinutesToDetect is { } found ? string.Create(CultureInfo.InvariantCulture, $"{found:0.#} min") : "-",
            row.RequestsHarmed is { } harmed && harmed > 0 ? string.Create(CultureInfo.InvariantCulture, $"{harmed:N0}") : "-",
            string.Create(CultureInfo.InvariantCulture, $"{row.PeakExposure:0.##} %"),
            row.MinutesToSafe is { } safe ? string.Create(CultureInfo.InvariantCulture, $"{safe:0.#} min") : "-",
            scenario.Passed ? "kept" : "BROKEN",
        ];
    }

    private static string Outcomes(ScenarioResult scenario)
    {
        var groups = scenario.Runs.GroupBy(run => scenario.OutcomeOf(run).Replace("missed", "MISSED", StringComparison.Ordinal), StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).ToList();
        return groups.Count == 1 ? groups[0].Key : string.Join(", ", groups.Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {group.Key}")));
    }

    private static void WriteBroken(CommandIo io, string file, ScenarioResult scenario)
    {
        io.Data(Printable.Line($"BROKEN {scenario.Name}: expected {scenario.Expected}"));
        foreach (var refuted in scenario.Refuted) io.Data(Printable.Line($"  {refuted}"));
        if (scenario.Runs.FirstOrDefault(run => run.Broken.Count > 0) is not { } run) return;
        foreach (var line in run.Broken) io.Data(Printable.Line(string.Create(CultureInfo.InvariantCulture, $"  seed {run.Seed}: {line}")));
        foreach (var line in run.Log ?? []) io.Data(Printable.Line($"    {line}"));
        io.Data(Printable.Line(string.Create(CultureInfo.InvariantCulture, $"  Again: slipway rehearse {file} --scenario {scenario.Name} --seed {run.Seed}")));
    }

    private static string Sentence(RehearsalReport report)
    {
        var (fits, broken) = (report.Scenarios.Count(scenario => scenario.NotApplicable is null), report.Scenarios.Count(scenario => !scenario.Passed));
        return fits == 0 ? "Nothing was rehearsed: no scenario fits the plan."
            : broken > 0 ? string.Create(CultureInfo.InvariantCulture, $"{broken} of {fits} scenarios end outside of what the plan promises.")
            : string.Create(CultureInfo.InvariantCulture, $"{fits} scenarios end within what the plan promises. DETECTED and HARMED are medians of {report.Seeds} seeds, PEAK and SAFE the worst.");
    }
}
