using System.Text;

namespace Slipway.Rehearsal.Backtesting.Recordings;

/// <summary>Recorded telemetry: what is in it (<see cref="Survey"/>), and its intervals in order.</summary>
public sealed class Recording
{
    /// <summary>The region of rows that name none.</summary>
    public const string NoRegion = "global";

    private readonly IRecordingFile _file;

    private Recording(IRecordingFile file, RecordingSurvey survey) => (_file, Survey) = (file, survey);

    /// <summary>What is in it.</summary>
    public RecordingSurvey Survey { get; }

    /// <summary>Opens a file, by its ending: <c>.csv</c>, or <c>.jsonl</c> (rows, or a ledger: its first line tells), and looks through all of
    /// it. Throws <see cref="RecordingException"/> where a row cannot be used, and <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/> where the file cannot be read.</summary>
    /// <param name="path">Where the file is.</param>
    /// <param name="name">As the person named it.</param>
    /// <param name="interval">The plan's interval.</param>
    public static Recording Open(string path, string name, TimeSpan interval)
    {
        IRecordingFile file = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".CSV" => new CsvRecording(path, name, interval),
            ".JSONL" or ".NDJSON" => IsLedger(path) ? new LedgerRecording(path, name, interval) : new JsonlRecording(path, name, interval),
            var ending => throw new RecordingException(name, null, null, ending.Length == 0 ? "no ending" : $"the ending {RowFields.Quoted(Path.GetExtension(path))}", ".csv, or .jsonl"),
        };
        return Of(file, interval);
    }

    /// <summary>Of rows that are read in another way.</summary>
    public static Recording Of(IRecordingFile file, TimeSpan interval) => new(file, RecordingSurvey.Of(file, interval));

    /// <summary>
    /// The rows of each interval that has any, ascending. A sorted recording is read with the memory of one interval; one that is not is held.
    /// </summary>
    public IEnumerable<(DateTimeOffset Start, IReadOnlyList<RecordedRow> Rows)> Intervals()
    {
        var rows = Survey.Sorted ? _file.Rows() : _file.Rows().OrderBy(row => row.Start).ThenBy(row => row.Line);
        var same = new List<RecordedRow>();
        foreach (var row in rows)
        {
            if (same.Count > 0 && row.Start != same[0].Start)
            {
                yield return (same[0].Start, InOrder(same));
                same.Clear();
            }

            same.Add(row);
        }

        if (same.Count > 0) yield return (same[0].Start, InOrder(same));
    }

    /// <summary>Whatever the order of the file is, results are the same.</summary>
    private static List<RecordedRow> InOrder(List<RecordedRow> rows) => [.. rows.OrderBy(row => row.Region, StringComparer.Ordinal).ThenBy(row => row.Arm)];

    private static bool IsLedger(string path)
    {
        var first = File.ReadLines(path, Encoding.UTF8).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line)) ?? "";
        return first.Contains("\"previous_hash\"", StringComparison.Ordinal) && first.Contains("\"entry_id\"", StringComparison.Ordinal);
    }
}
