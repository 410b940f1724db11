using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Core.Serialization;

namespace Slipway.Core.Analysis.Replaying;

/// <summary>
/// Whether verdicts computed again are those that were recorded: bit for bit, as on one runtime and architecture, or the same decisions with
/// numbers within <see cref="Tolerance"/>, as elsewhere. Pure.
/// </summary>
public sealed partial record VerdictComparison
{
    /// <summary>How far a number may be off, relative to the larger one, or absolute below 1.</summary>
    public const double Tolerance = 1e-9;

    /// <summary>How many verdicts were computed again.</summary>
    public int Verdicts { get; private init; }

    /// <summary>How many of them are the same to the bit.</summary>
    public int Identical { get; private init; }

    /// <summary>How many entries do not say enough to compute them again.</summary>
    public int Unknown { get; private init; }

    /// <summary>The largest difference of a number where decisions are the same.</summary>
    public double LargestDifference { get; private init; }

    /// <summary>The first verdict that is another one, with what differs; null: none.</summary>
    public (long Sequence, string What)? Different { get; private init; }

    /// <summary>Whether every decision is the same.</summary>
    public bool Ok => Different is null;

    /// <summary>The first verdict whose numbers are the same but whose words are not; null: none.</summary>
    public long? Reworded { get; private init; }

    /// <summary>The outcome in one sentence.</summary>
    public string Sentence =>
        (Different is { } different ? $"verdict of entry {different.Sequence} differs: {different.What}"
        : Verdicts == 0 ? "no verdict to compute again"
        : Identical == Verdicts ? $"{Counted} computed again, bit for bit the same"
        : LargestDifference > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Counted} computed again: the same decisions, {(Identical == 0 ? "" : $"{Identical} bit for bit the same, the others ")}with numbers within {Tolerance:0e-0} (largest difference {LargestDifference:0.0e-0}), as on another version, runtime or architecture")
        : $"{Counted} computed again: the same decisions and numbers")
        + (Reworded is { } entry ? $"; the words of entry {entry} are others than its numbers give: another version wrote them, or they were changed" : "")
        + (Unknown > 0 ? $"; {Unknown} of an older version {(Unknown == 1 ? "does" : "do")} not say enough" : "");

    private string Counted => Verdicts == 1 ? "1 verdict" : $"{Verdicts} verdicts";

    /// <summary>Compares.</summary>
    public static VerdictComparison Of(IReadOnlyList<ReplayedVerdict> replayed)
    {
        var result = new VerdictComparison();
        foreach (var verdict in replayed)
        {
            if (verdict.Recomputed is not { } again)
            {
                result = result with { Unknown = result.Unknown + 1 };
                continue;
            }

            var (left, right) = (Text(verdict.Recorded.Assessment), Text(again));
            result = result with { Verdicts = result.Verdicts + 1 };
            if (left == right)
            {
                result = result with { Identical = result.Identical + 1 };
                continue;
            }

            var largest = 0.0;
            var what = Difference(JsonNode.Parse(left), JsonNode.Parse(right), "assessment", ref largest);
            if (what is not null) return result with { Different = (verdict.Sequence, what) };

            // Rounded numbers in a sentence may differ where numbers do, the words around them may not.
            var reworded = largest == 0 || Number().Replace(left, "0") != Number().Replace(right, "0");
            result = result with
            {
                LargestDifference = Math.Max(result.LargestDifference, largest),
                Reworded = result.Reworded ?? (reworded ? verdict.Sequence : null),
            };
        }

        return result;
    }

    [GeneratedRegex("[0-9][0-9.,]*([eE][+-]?[0-9]+)?")]
    private static partial Regex Number();

    private static string Text(Assessment assessment) => JsonSerializer.Serialize(assessment, SlipwayJson.Options);

    /// <summary>The first place where two documents differ by more than rounding. Sentences are not looked at: they hold rounded numbers of
    /// their own, and a later version may word them otherwise.</summary>
    private static string? Difference(JsonNode? left, JsonNode? right, string path, ref double largest)
    {
        switch (left, right)
        {
            case (JsonObject a, JsonObject b):
                foreach (var name in a.Select(member => member.Key).Union(b.Select(member => member.Key)))
                {
                    if (name is "sentence" or "missing") continue;
                    if (Difference(a[name], b[name], $"{path}.{name}", ref largest) is { } inner) return inner;
                }

                return null;
            case (JsonArray a, JsonArray b) when a.Count == b.Count:
                for (var i = 0; i < a.Count; i++)
                {
                    if (Difference(a[i], b[i], $"{path}[{i}]", ref largest) is { } inner) return inner;
                }

                return null;
            case (JsonValue a, JsonValue b) when a.GetValueKind() == JsonValueKind.Number && b.GetValueKind() == JsonValueKind.Number:
                var (x, y) = (a.GetValue<double>(), b.GetValue<double>());
                var off = Math.Abs(x - y) / Math.Max(1, Math.Max(Math.Abs(x), Math.Abs(y)));
                if (off <= Tolerance)
                {
                    largest = Math.Max(largest, off);
                    return null;
                }

                break;
            default:
                if (JsonNode.DeepEquals(left, right)) return null;
                break;
        }

        return $"{path} is recorded as {Short(left)}, computed as {Short(right)}";
    }

    private static string Short(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "nothing";
        return text.Length <= 120 ? text : text[..120] + "…";
    }
}
