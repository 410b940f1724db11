using System.Text;
using System.Text.Json;
using Slipway.Core.Analysis;
using Slipway.Core.Requests;

namespace Slipway.Rehearsal.Backtesting.Recordings;

/// <summary>
/// One JSON object a line, with the members of <see cref="CsvRecording"/>'s columns: <c>start</c>, <c>requests</c> and <c>failures</c> always,
/// <c>region</c>, <c>arm</c>, <c>latency</c> (an object of counts by bucket), <c>users</c> and <c>failed_users</c> where known.
/// </summary>
/// <param name="path">Where the file is.</param>
/// <param name="name">As the person named it.</param>
/// <param name="interval">The plan's interval.</param>
internal sealed class JsonlRecording(string path, string name, TimeSpan interval) : IRecordingFile
{
    private static readonly string[] Members = ["start", "region", "arm", "requests", "failures", "latency", "users", "failed_users"];
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Format => "jsonl";

    /// <inheritdoc/>
    public IEnumerable<RecordedRow> Rows()
    {
        var line = 0L;
        foreach (var text in File.ReadLines(path, Encoding.UTF8))
        {
            line++;
            if (!string.IsNullOrWhiteSpace(text)) yield return Read(text, new RowFields(name, line));
        }
    }

    private RecordedRow Read(string text, RowFields fields)
    {
        using var document = Parse(text, fields);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new RecordingException(name, fields.Line, null, Word(root), "one JSON object");
        foreach (var member in root.EnumerateObject())
        {
            if (Members.Contains(member.Name, StringComparer.Ordinal)) continue;
            var near = NearestName.Of(member.Name, Members);
            throw fields.Error(member.Name, "an unknown member", $"one of {string.Join(", ", Members)}{(near is null ? "" : $"; did you mean {near}?")}");
        }

        var start = fields.Start(Text(root, "start", fields) ?? throw fields.Error("start", "nothing", "the start of the interval, for example 2026-11-03T14:05:00Z"), interval, false);
        var requests = Number(root, "requests", long.MaxValue, "any number", fields) ?? throw fields.Error("requests", "nothing", "a whole number, 0 or more");
        var failures = Number(root, "failures", requests, "the row's requests", fields) ?? throw fields.Error("failures", "nothing", "a whole number, 0 or more");
        var region = Text(root, "region", fields);
        return new RecordedRow(fields.Line, start, string.IsNullOrWhiteSpace(region) ? Recording.NoRegion : string.Intern(region.Trim()), fields.Arm(Text(root, "arm", fields)), new ArmSample
        {
            Requests = requests,
            Errors = failures,
            Latency = root.TryGetProperty("latency", out var latency) && latency.ValueKind != JsonValueKind.Null ? fields.Latency(latency.GetRawText(), requests) : LatencyHistogram.Empty,
            Users = Number(root, "users", requests, "the row's requests", fields),
            FailedUsers = Number(root, "failed_users", failures, "the row's failures", fields),
        });
    }

    private JsonDocument Parse(string text, RowFields fields)
    {
        try
        {
            return JsonDocument.Parse(text, Options);
        }
        catch (JsonException exception)
        {
            throw new RecordingException(name, fields.Line, exception.BytePositionInLine is { } at ? FormattableString.Invariant($"{at + 1}") : null, "no JSON object", "one JSON object a line, each member once");
        }
    }

    private static string? Text(JsonElement root, string member, RowFields fields) => !root.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw fields.Error(member, Word(value), "a text");

    private static long? Number(JsonElement root, string member, long most, string words, RowFields fields) => !root.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? fields.Limited(member, number, most, words)
        : throw fields.Error(member, Word(value), "a whole number, 0 or more");

    private static string Word(JsonElement value) => RowFields.Quoted(value.GetRawText());
}
