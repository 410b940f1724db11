using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Core.Serialization;

namespace Slipway.Core.Ledgers;

/// <summary>
/// Ledger entries as JSON lines (<c>ledger.jsonl</c>): one object a line with exactly the members <c>sequence</c>, <c>entry_id</c>,
/// <c>at</c>, <c>actor</c>, <c>type</c>, <c>body</c>, <c>previous_hash</c> and <c>hash</c>. The body's text is copied verbatim, so an
/// exported ledger verifies offline bit for bit.
/// </summary>
public static class LedgerLines
{
    private static readonly string[] Members = ["sequence", "entry_id", "at", "actor", "type", "body", "previous_hash", "hash"];
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The entry's line, without a line feed. Throws <see cref="ArgumentException"/> when the stored body spans lines: bodies are
    /// stored in compact form.</summary>
    public static string Write(LedgerEntry entry)
    {
        var body = entry.Body.GetRawText();
        if (body.AsSpan().ContainsAny('\n', '\r'))
            throw new ArgumentException($"The body of entry {entry.Sequence} spans lines; a ledger body is stored compact.", nameof(entry));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber(Members[0], entry.Sequence);
            writer.WriteString(Members[1], entry.EntryId);
            writer.WriteString(Members[2], LedgerChain.Time(entry.At));
            writer.WriteString(Members[3], entry.Actor);
            writer.WriteString(Members[4], entry.Type);
            writer.WritePropertyName(Members[5]);
            writer.WriteRawValue(body, skipInputValidation: true);
            writer.WriteString(Members[6], entry.PreviousHash);
            writer.WriteString(Members[7], entry.Hash);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>The whole ledger, one line an entry, each ended by a line feed.</summary>
    public static string WriteAll(IEnumerable<LedgerEntry> entries)
    {
        var text = new StringBuilder();
        foreach (var entry in entries) text.Append(Write(entry)).Append('\n');
        return text.ToString();
    }

    /// <summary>
    /// Reads one line. Throws <see cref="FormatException"/> saying what was found and what is expected when it is not an entry: missing,
    /// repeated or unknown members are refused too, because no hash would cover them.
    /// </summary>
    public static LedgerEntry Read(string line)
    {
        try
        {
            return ReadMembers(line);
        }
        catch (InvalidOperationException problem)
        {
            // Names and texts are decoded when they are asked for.
            throw new FormatException("a text that is not valid Unicode; expected a line as it was exported", problem);
        }
    }

    private static LedgerEntry ReadMembers(string line)
    {
        using var document = Parse(line);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new FormatException($"expected a JSON object, found {root.ValueKind}");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in root.EnumerateObject())
        {
            if (!Members.Contains(member.Name)) throw new FormatException($"unknown member '{member.Name}'; expected {string.Join(", ", Members)}");
            if (!seen.Add(member.Name)) throw new FormatException($"member '{member.Name}' occurs twice");
        }

        if (Array.Find(Members, member => !seen.Contains(member)) is { } missing) throw new FormatException($"member '{missing}' is missing");
        return new LedgerEntry(
            root.GetProperty(Members[0]).TryGetNumber(out var sequence) ? sequence : throw new FormatException("'sequence' is not a whole number"),
            Text(root, 1), At(Text(root, 2)), Text(root, 3), Text(root, 4), root.GetProperty(Members[5]).Clone(), Text(root, 6), Text(root, 7));
    }

    /// <summary>
    /// Reads a whole file, line by line; blank lines are skipped. Throws <see cref="FormatException"/> naming the line (1 first) that is
    /// not an entry.
    /// </summary>
    public static IReadOnlyList<LedgerEntry> ReadAll(IEnumerable<string> lines)
    {
        var entries = new List<LedgerEntry>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                entries.Add(Read(line));
            }
            catch (FormatException problem)
            {
                throw new FormatException($"line {number}: {problem.Message}", problem);
            }
        }

        return entries;
    }

    private static JsonDocument Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException problem)
        {
            throw new FormatException($"not JSON: {JsonSyntax.Describe(problem)}; an entry is one whole line", problem);
        }
    }

    private static bool TryGetNumber(this JsonElement element, out long value)
    {
        value = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out value);
    }

    private static string Text(JsonElement root, int member)
    {
        var value = root.GetProperty(Members[member]);
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"'{Members[member]}' is not a string");
    }

    // One form alone: the hash covers the moment, and would not show that it was written in another way.
    private static DateTimeOffset At(string text) =>
        !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? throw new FormatException($"'at' is not a time: '{text}'")
        : LedgerChain.Time(at) == text ? at
        : throw new FormatException($"'at' is '{text}'; expected '{LedgerChain.Time(at)}', as it is exported");
}
