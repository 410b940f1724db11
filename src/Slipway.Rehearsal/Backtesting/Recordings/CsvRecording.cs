using nietras.SeparatedValues;
using Slipway.Core.Analysis;
using Slipway.Core.Requests;

namespace Slipway.Rehearsal.Backtesting.Recordings;

/// <summary>
/// Comma-separated values as Log Analytics exports them (RFC 4180, UTF-8 with or without a byte-order mark): a line of titles, then a row for
/// each interval, region and arm. Titles in any order and case: <c>start</c> (or <c>TimeGenerated</c>; with <c> [UTC]</c> behind it times need no
/// zone), <c>requests</c>, <c>failures</c>, and where known <c>region</c>, <c>arm</c>, <c>latency</c>, <c>users</c>, <c>failed_users</c>.
/// </summary>
/// <param name="path">Where the file is.</param>
/// <param name="name">As the person named it.</param>
/// <param name="interval">The plan's interval.</param>
internal sealed class CsvRecording(string path, string name, TimeSpan interval) : IRecordingFile
{
    private const string Utc = " [UTC]";

    private static readonly string[] Columns = ["start", "region", "arm", "requests", "failures", "latency", "users", "failed_users"];

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Format => "csv";

    /// <inheritdoc/>
    public IEnumerable<RecordedRow> Rows()
    {
        using var reader = Open();
        var titles = Titles(reader.Header);
        var regions = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            RecordedRow row;
            try
            {
                if (!reader.MoveNext()) yield break;
                if (IsBlank(reader.Current)) continue;
                row = Read(reader.Current, titles, reader.Header.ColNames.Count, regions);
            }
            catch (Exception exception) when (exception is InvalidDataException or NotSupportedException)
            {
                throw new RecordingException(name, null, null, exception.Message, "comma-separated values");
            }

            yield return row;
        }
    }

    /// <summary>Column counts are checked here, with the words of all other errors.</summary>
    private SepReader Open() => Sep.New(',').Reader(options => options with { DisableColCountCheck = true, Unescape = true, DisableFastFloat = true })
        .From(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan));

    private static bool IsBlank(SepReader.Row row) => row.ColCount == 1 && row[0].Span.Trim().IsEmpty;

    private CsvTitles Titles(SepReaderHeader header)
    {
        var at = new Dictionary<string, int>(StringComparer.Ordinal);
        var utc = false;
        foreach (var (index, title) in header.ColNames.Index())
        {
            var plain = title.Trim();
            if (plain.EndsWith(Utc, StringComparison.OrdinalIgnoreCase)) (plain, utc) = (plain[..^Utc.Length], true);
            var column = Canonical(plain);
            if (!Columns.Contains(column, StringComparer.Ordinal))
            {
                var near = NearestName.Of(column, Columns);
                throw new RecordingException(name, 1, title, $"the title {RowFields.Quoted(title)}", near is null ? $"one of {string.Join(", ", Columns)}; leave other columns out of the export" : $"one of {string.Join(", ", Columns)}; did you mean {near}?");
            }

            if (!at.TryAdd(column, index)) throw new RecordingException(name, 1, title, $"the column {column} twice", "each column once");
        }

        foreach (var required in (ReadOnlySpan<string>)["start", "requests", "failures"])
        {
            if (!at.ContainsKey(required)) throw new RecordingException(name, 1, required, $"no such column among {RowFields.Quoted(string.Join(", ", header.ColNames))}", $"the columns start, requests and failures, separated by commas");
        }

        return new CsvTitles(at["start"], at["requests"], at["failures"], Of("region"), Of("arm"), Of("latency"), Of("users"), Of("failed_users"), utc);

        int? Of(string column) => at.TryGetValue(column, out var index) ? index : null;
    }

    private static string Canonical(string title) => title.ToUpperInvariant() switch
    {
        "TIMEGENERATED" => "start",
        "FAILEDUSERS" => "failed_users",
        _ => title.ToLowerInvariant(),
    };

    private RecordedRow Read(SepReader.Row row, CsvTitles titles, int columns, Dictionary<string, string> regions)
    {
        var fields = new RowFields(name, row.LineNumberFrom);
        if (row.ColCount != columns) throw new RecordingException(name, row.LineNumberFrom, null, FormattableString.Invariant($"{row.ColCount} values"), FormattableString.Invariant($"{columns}, one for each title"));
        var start = fields.Start(row[titles.Start].Span, interval, titles.Utc);
        var arm = titles.Arm is { } armAt ? fields.Arm(row[armAt].Span) : RecordedArm.Everybody;
        var region = titles.Region is { } regionAt ? row[regionAt].Span.Trim() : [];
        var requests = fields.Count("requests", row[titles.Requests].Span, long.MaxValue, "any number");
        var errors = fields.Count("failures", row[titles.Failures].Span, requests, "the row's requests");
        return new RecordedRow(row.LineNumberFrom, start, Known(region, regions), arm, new ArmSample
        {
            Requests = requests,
            Errors = errors,
            Latency = titles.Latency is { } latencyAt ? fields.Latency(row[latencyAt].Span, requests) : LatencyHistogram.Empty,
            Users = Optional(titles.Users, row, fields, "users", requests, "the row's requests"),
            FailedUsers = Optional(titles.FailedUsers, row, fields, "failed_users", errors, "the row's failures"),
        });
    }

    private static long? Optional(int? at, SepReader.Row row, RowFields fields, string column, long most, string words) =>
        at is { } index && !row[index].Span.Trim().IsEmpty ? fields.Count(column, row[index].Span, most, words) : null;

    /// <summary>One text for each region, however many rows name it.</summary>
    private static string Known(ReadOnlySpan<char> region, Dictionary<string, string> regions)
    {
        if (region.IsEmpty) return Recording.NoRegion;
        var lookup = regions.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(region, out var known)) return known;
        var text = region.ToString();
        regions[text] = text;
        return text;
    }

    private sealed record CsvTitles(int Start, int Requests, int Failures, int? Region, int? Arm, int? Latency, int? Users, int? FailedUsers, bool Utc);
}
