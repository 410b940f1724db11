using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Core.Analysis;

namespace Slipway.Rehearsal.Backtesting.Recordings;

/// <summary>Reads the fields of one row, in the words that every format shares. Throws <see cref="RecordingException"/>.</summary>
/// <param name="File">The file, as the person named it.</param>
/// <param name="Line">The line, 1 first.</param>
internal readonly record struct RowFields(string File, long Line)
{
    private const string TimeExpected = "the start of an interval with its time zone, for example 2026-11-03T14:05:00Z";

    private static readonly string[] Zoned =
    [
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ssK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>As the Azure portal exports a column whose title says [UTC].</summary>
    private static readonly string[] Portal = ["M/d/yyyy', 'h:mm:ss tt", "M/d/yyyy', 'h:mm:ss.FFFFFFF tt", .. Zoned];

    public RecordingException Error(string column, string found, string expected) => new(File, Line, column, found, expected);

    /// <summary>The start of an interval. Without a zone only where the column's title names UTC.</summary>
    public DateTimeOffset Start(ReadOnlySpan<char> text, TimeSpan interval, bool titledUtc)
    {
        text = text.Trim();
        if (!DateTimeOffset.TryParseExact(text, titledUtc ? Portal : Zoned, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var start))
            throw Error("start", Quoted(text), TimeExpected);
        if (!titledUtc && !HasZone(text)) throw Error("start", $"{Quoted(text)}, a time without a zone", TimeExpected);
        if (start.UtcTicks % interval.Ticks != 0)
            throw Error("start", Quoted(text), string.Create(CultureInfo.InvariantCulture, $"a multiple of the plan's interval of {interval.TotalSeconds:0.###} s"));
        return start;
    }

    public RecordedArm Arm(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.IsEmpty) return RecordedArm.Everybody;

        // The words that the product's own queries take.
        if (Is(text, "canary", "true", "on", "new")) return RecordedArm.Canary;
        return Is(text, "control", "false", "off", "old") ? RecordedArm.Control
            : throw Error("arm", Quoted(text), "canary or control (also true, on, new; false, off, old), or nothing where the recording has no arms");
    }

    public long Count(string column, ReadOnlySpan<char> text, long most, string mostWords)
    {
        text = text.Trim();
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) throw Error(column, Quoted(text), "a whole number, 0 or more");
        return Limited(column, count, most, mostWords);
    }

    public long Limited(string column, long count, long most, string mostWords) => count < 0 || count > most
        ? throw Error(column, count.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"0 to {mostWords} ({most})"))
        : count;

    /// <summary>A histogram as the product keeps it: a JSON object of counts by bucket.</summary>
    public LatencyHistogram Latency(ReadOnlySpan<char> text, long requests)
    {
        text = text.Trim();
        if (text.IsEmpty) return LatencyHistogram.Empty;
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        var reader = new Utf8JsonReader(bytes);
        try
        {
            reader.Read();
            var latency = Latency(ref reader, requests);
            if (reader.Read()) throw Error("latency", "text behind the histogram", "one JSON object");
            return latency;
        }
        catch (JsonException)
        {
            throw Error("latency", Quoted(text), HistogramExpected);
        }
    }

    public LatencyHistogram Latency(ref Utf8JsonReader reader, long requests)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Error("latency", reader.TokenType.ToString(), HistogramExpected);
        var counts = new Dictionary<int, long>();
        long total = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var bucket) || bucket > LatencyHistogram.LastBucket)
                throw Error("latency", $"bucket {Quoted(name)}", FormattableString.Invariant($"a bucket from 0 to {LatencyHistogram.LastBucket}"));
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var count) || count < 0)
                throw Error("latency", $"no count in bucket {name}", "a whole number, 0 or more");
            if (!counts.TryAdd(bucket, count)) throw Error("latency", $"bucket {name} twice", "each bucket once");
            total += count;
        }

        return total > requests ? throw Error("latency", FormattableString.Invariant($"{total} latencies"), FormattableString.Invariant($"at most one for each of the {requests} requests")) : new LatencyHistogram(counts);
    }

    internal static string Quoted(ReadOnlySpan<char> text) => text.IsEmpty ? "nothing" : $"'{(text.Length > 60 ? $"{text[..60]}…" : text.ToString())}'";

    private static string HistogramExpected => "a JSON object of counts by bucket, for example {\"84\": 12, \"85\": 3}";

    private static bool HasZone(ReadOnlySpan<char> text)
    {
        if (text[^1] is 'Z' or 'z') return true;
        var time = text[(text.IndexOfAny('T', ' ') + 1)..];
        return time.IndexOfAny('+', '-') >= 0;
    }

    private static bool Is(ReadOnlySpan<char> text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
