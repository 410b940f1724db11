using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Slipway.Benchmarks.Speed;

/// <summary>The whole table.</summary>
/// <param name="Mode">quick or full.</param>
/// <param name="Machine">What it was measured on.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Parts">The rows, by part.</param>
internal sealed record SpeedReport(string Mode, Machine Machine, TimeSpan Took, IReadOnlyList<(SpeedPart Part, SpeedRow Row)> Parts)
{
    /// <summary>The format of the JSON document, and of the kept table.</summary>
    public const string Schema = "slipway.speed.v1";

    private static readonly string[] Heads = ["", "result", "", "goal", "", "beside", "compared with", "n", ""];

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>As plain text.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(Invariant($"Speed, {Mode}: {Parts.Count} rows in {Took.TotalSeconds:0} s"));
        text.AppendLine(Machine.ToString());
        string[][] lines = [Heads, .. Parts.Select(pair => Cells(pair.Row))];
        int[] widths = [.. Enumerable.Range(0, Heads.Length).Select(column => lines.Max(line => line[column].Length))];
        foreach (var part in Parts.GroupBy(pair => pair.Part.Title))
        {
            text.AppendLine().AppendLine(part.Key);
            foreach (var line in (string[][])[Heads, .. part.Select(pair => Cells(pair.Row))]) text.AppendLine(Line(line));
        }

        var states = Parts.Where(pair => pair.Row.Goal is not null).GroupBy(pair => pair.Row.Goal!.IsMetBy(pair.Row.Result)).ToDictionary(group => group.Key, group => group.Count());
        text.AppendLine().AppendLine("""
            Result: the median of n repetitions. Beside: how many times as good as what was measured beside it in the same run; larger is better. Work of
            the runtime: 4 KB of JSON read and written by the runtime's library, and hashed.
            """);
        return text.AppendLine(Invariant($"goals: {states.GetValueOrDefault(true)} met, {states.GetValueOrDefault(false)} missed")).ToString();

        string Line(string[] cells) => string.Join("  ", cells.Select((cell, column) => column is 1 or 5 or 7 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd();
    }

    /// <summary>As one JSON document.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Schema,
            Mode,
            Machine,
            Seconds = Math.Round(Took.TotalSeconds, 1),
            Rows = Parts.Select(pair => new
            {
                Part = pair.Part.Name,
                pair.Row.What,
                Result = Finite(pair.Row.Result),
                pair.Row.Unit,
                Goal = pair.Row.Goal,
                Met = pair.Row.Goal?.IsMetBy(pair.Row.Result),
                Ratio = pair.Row.Ratio is { } ratio ? new { ratio.Against, Value = Finite(ratio.Value), ratio.Guarded } : null,
                pair.Row.Repetitions,
                pair.Row.Note,
            }),
        },
        Options);

    private static string[] Cells(SpeedRow row) =>
    [
        row.What,
        Number(row.Result),
        row.Unit,
        row.Goal is { } goal ? $"{(goal.AtLeast ? ">=" : "<=")} {Number(goal.Limit)}" : "",
        row.Goal is null ? "" : row.Goal.IsMetBy(row.Result) ? "met" : "MISSED",
        row.Ratio is { } ratio ? Number(ratio.Value) : "",
        row.Ratio?.Against ?? "",
        Invariant($"{row.Repetitions}"),
        row.Note ?? "",
    ];

    /// <summary>Three digits that count.</summary>
    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    private static double? Finite(double value) => double.IsFinite(value) ? double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : null;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
