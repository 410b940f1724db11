using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Gates;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;

namespace Slipway.Web.Api;

/// <summary>
/// The rehearsal of a request, which travels beside it: the request itself is what the rehearsal's hash is of. A row is an array here, as servers
/// and proxies take no header of more than 8 to 16 KB; the ledger has names.
/// </summary>
public static class RehearsalHeader
{
    /// <summary>The header's name; its value is a <see cref="RehearsalProof"/> as JSON, with <c>matrix</c> in place of its rows.</summary>
    public const string Name = "Slipway-Rehearsal";

    /// <summary>The longest value that is written and read, in characters of ASCII.</summary>
    public const int Longest = 7_500;

    private const string Matrix = "matrix";
    private const string Form = "the rehearsal as JSON, as `slipway start` sends it";
    private const int Cells = 9;

    /// <summary>A header is ASCII: everything else is escaped.</summary>
    private static readonly JsonSerializerOptions Ascii = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>How far remarks are cut where a whole matrix is too long, one after the other.</summary>
    private static readonly int[] Cuts = [RehearsalBounds.LongestRemark, 80, 40, 0];

    /// <summary>The header's value. Remarks are shortened until it fits; where even that does not suffice, no row is sent.</summary>
    public static string Write(RehearsalProof proof)
    {
        foreach (var cut in Cuts)
        {
            var value = Write(proof, proof.Rows, cut);
            if (value.Length <= Longest || proof.Rows is null) return value;
        }

        return Write(proof, null, 0);
    }

    /// <summary>Reads it; false when there is one that cannot be taken.</summary>
    /// <param name="request">The HTTP request.</param>
    /// <param name="proof">The rehearsal; null where there is none.</param>
    /// <param name="problem">What is wrong with it; null: nothing.</param>
    public static bool TryRead(HttpRequest request, out RehearsalProof? proof, out RequestProblem? problem)
    {
        (proof, problem) = (null, null);
        if (!request.Headers.TryGetValue(Name, out var values) || values.Count == 0) return true;
        (proof, problem) = values is not [{ } value] ? (null, Wrong("", $"{values.Count} of them", "one"))
            : value.Length > Longest ? (null, Wrong("", $"{value.Length} characters", $"{Longest} at most"))
            : Read(value);
        if (problem is not null) proof = null;
        return problem is null;
    }

    private static (RehearsalProof? Proof, RequestProblem? Problem) Read(string value)
    {
        try
        {
            if (JsonNode.Parse(value) is not JsonObject json) return (null, Wrong("", "no JSON object", Form));
            var matrix = json[Matrix];
            json.Remove(Matrix);
            var proof = json.Deserialize<RehearsalProof>(SlipwayJson.Options)!;
            if (matrix is not null)
            {
                if (matrix is not JsonArray { Count: <= RehearsalBounds.MostRows } lines) return (null, Wrong(Matrix, matrix is JsonArray many ? $"{many.Count} rows" : "no array", $"{RehearsalBounds.MostRows} rows at most"));
                if (lines.Any(line => line is not JsonArray { Count: Cells })) return (null, Wrong(Matrix, "a row that is something else", $"arrays of {Cells} values"));
                proof = proof with { Rows = [.. lines.Select(line => Row(line!.AsArray()))] };
            }

            return RehearsalBounds.Problem(proof) is { } problem ? (null, Wrong(problem.Path, problem.Found, problem.Expected)) : (proof, null);
        }
        // A value of another kind, or a member twice: both come from a writer that is not ours.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            return (null, Wrong("", "something else", Form));
        }
    }

    private static RequestProblem Wrong(string member, string found, string expected) => RequestProblem.At($"the header {Name}{(member.Length > 0 ? $", {member}" : "")}", found, expected);

    private static string Write(RehearsalProof proof, IReadOnlyList<RehearsalRow>? rows, int longestRemark)
    {
        var json = JsonSerializer.SerializeToNode(proof with { Rows = null }, SlipwayJson.Options)!.AsObject();
        if (rows is not null) json[Matrix] = new JsonArray([.. rows.Select(row => Line(row, longestRemark))]);
        return json.ToJsonString(Ascii);
    }

    private static JsonArray Line(RehearsalRow row, int longestRemark) => new(
        row.Scenario,
        row.Stage,
        new JsonObject(row.Outcomes.Select(outcome => KeyValuePair.Create<string, JsonNode?>(outcome.Key, outcome.Value))),
        row.MinutesToDetect,
        row.RequestsHarmed,
        row.PeakExposure,
        row.MinutesToSafe,
        row.Kept,
        row.Remark.Length <= longestRemark ? row.Remark : longestRemark == 0 ? "" : MarkdownText.Clean(row.Remark, longestRemark - 1));

    private static RehearsalRow Row(JsonArray cells) => new()
    {
        Scenario = cells[0]?.GetValue<string>() ?? "",
        Stage = cells[1]?.GetValue<int>(),
        Outcomes = cells[2]?.Deserialize<Dictionary<string, int>>(SlipwayJson.Options) ?? [],
        MinutesToDetect = cells[3]?.GetValue<double>(),
        RequestsHarmed = cells[4]?.GetValue<long>(),
        PeakExposure = cells[5]?.GetValue<double>(),
        MinutesToSafe = cells[6]?.GetValue<double>(),
        Kept = cells[7]?.GetValue<bool>(),
        Remark = cells[8]?.GetValue<string>() ?? "",
    };
}
