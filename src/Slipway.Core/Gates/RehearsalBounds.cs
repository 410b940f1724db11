using System.Globalization;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Requests;

namespace Slipway.Core.Gates;

/// <summary>What a stated rehearsal may look like: it comes from outside, goes into the ledger, and is shown in pages, documents and mails.</summary>
public static class RehearsalBounds
{
    /// <summary>The most rows.</summary>
    public const int MostRows = 64;

    /// <summary>The longest name of a scenario, in characters.</summary>
    public const int LongestName = 60;

    /// <summary>The longest remark, in characters.</summary>
    public const int LongestRemark = 160;

    private const int MostOutcomes = 5, LongestOutcome = 20, MostSeeds = 1_000, LongestId = 64, MostStages = 100;
    private const double MostMinutes = 1_000_000, MostSeconds = 10_000_000;
    private const long MostRequests = 1_000_000_000_000_000;

    /// <summary>What is wrong with it: where, what was found and what is expected; null: nothing.</summary>
    public static RequestProblem? Problem(RehearsalProof proof)
    {
        if (!IsHash(proof.Id)) return Wrong("id", proof.Id, $"1 to {LongestId} hexadecimal digits");
        if (!IsHash(proof.ContentHash)) return Wrong("content_hash", proof.ContentHash, $"1 to {LongestId} hexadecimal digits");
        if (!IsWithin(proof.DurationSeconds, MostSeconds)) return Wrong("duration_seconds", proof.DurationSeconds, $"0 to {MostSeconds:0}");
        if (proof.Scenarios is < 0 or > MostSeeds) return Wrong("scenarios", proof.Scenarios, $"0 to {MostSeeds}");
        if (proof.Rows is not { } rows) return null;
        if (rows.Count > MostRows) return Wrong("rows", $"{rows.Count} rows", $"{MostRows} at most");
        for (var index = 0; index < rows.Count; index++)
        {
            if (rows[index] is not { } row) return Wrong(Place(index, ""), "null", "a scenario");
            if (Problem(row) is var (member, found, expected)) return Wrong(Place(index, member), found, expected);
            if (rows.Take(index).Any(other => other.Scenario == row.Scenario)) return Wrong(Place(index, ".scenario"), row.Scenario, "a scenario that stands in no row before");
        }

        var fit = rows.Count(row => row.Kept is not null);
        if (rows.Count < MostRows ? fit != proof.Scenarios : fit > proof.Scenarios) return Wrong("scenarios", proof.Scenarios, $"{fit}, as many as rows that fit the plan");
        return proof.Passed && rows.FirstOrDefault(row => row.Kept == false) is { } broken ? Wrong("passed", "true", $"false, as promises of {broken.Scenario} are broken") : null;
    }

    private static (string Member, object? Found, string Expected)? Problem(RehearsalRow row)
    {
        if (!IsText(row.Scenario, 1, LongestName)) return (".scenario", row.Scenario, $"a name of 1 to {LongestName} visible characters");
        if (!IsText(row.Remark, 0, LongestRemark)) return (".remark", row.Remark, $"one line of at most {LongestRemark} visible characters");
        if (row.Outcomes is not { Count: <= MostOutcomes } outcomes) return (".outcomes", "others", $"at most {MostOutcomes} endings with their number of seeds");
        foreach (var (word, seeds) in outcomes)
        {
            if (word.Length is 0 or > LongestOutcome || !word.All(letter => char.IsAsciiLetterLower(letter) || letter == '_')) return (".outcomes", word, "an ending such as rolled_back");
            if (seeds is < 1 or > MostSeeds) return ($".outcomes.{word}", seeds, $"1 to {MostSeeds} seeds");
        }

        if (row.Kept is null)
            return row is { Outcomes.Count: 0, Stage: null, MinutesToDetect: null, RequestsHarmed: null, PeakExposure: null, MinutesToSafe: null } ? null : ("", "results without kept", "kept, or no results where the scenario does not fit the plan");
        if (row.Outcomes.Count == 0) return (".outcomes", "none", "how it ended");
        if (row.Stage is not (>= 1 and <= MostStages)) return (".stage", row.Stage, $"1 to {MostStages}");
        if (row.MinutesToDetect is { } detect && !IsWithin(detect, MostMinutes)) return (".minutes_to_detect", detect, $"0 to {MostMinutes:0}");
        if (row.RequestsHarmed is < 0 or > MostRequests) return (".requests_harmed", row.RequestsHarmed, $"0 to {MostRequests}");
        if (row.PeakExposure is { } peak && !IsWithin(peak, 100)) return (".peak_exposure", peak, "0 to 100");
        if (row.MinutesToSafe is { } safe && !IsWithin(safe, MostMinutes)) return (".minutes_to_safe", safe, $"0 to {MostMinutes:0}");
        return null;
    }

    private static string Place(int index, string member) => string.Create(CultureInfo.InvariantCulture, $"rows[{index}]{member}");

    private static bool IsHash(string? text) => text is { Length: > 0 and <= LongestId } && text.All(char.IsAsciiHexDigit);

    private static bool IsWithin(double value, double most) => double.IsFinite(value) && value >= 0 && value <= most;

    /// <summary>Text that is shown as it is: one line, and nothing in it that makes it read as something else.</summary>
    private static bool IsText(string? text, int least, int most) => text is not null && text.Length >= least && MarkdownText.Clean(text, most) == text;

    private static RequestProblem Wrong(string where, object? found, string expected)
    {
        var text = MarkdownText.Clean(Convert.ToString(found, CultureInfo.InvariantCulture), 40);
        return RequestProblem.At(where, text.Length == 0 ? "nothing" : text, expected);
    }
}
