namespace Slipway.Rehearsal.Backtesting.Recordings;

/// <summary>A recording that can be read again and again, row by row, in the order of its file.</summary>
public interface IRecordingFile
{
    /// <summary>The file, as the person named it.</summary>
    string Name { get; }

    /// <summary>What is read from it, for people: <c>csv</c>, <c>jsonl</c> or <c>ledger</c>.</summary>
    string Format { get; }

    /// <summary>Its rows. Throws <see cref="RecordingException"/> at the first that cannot be used.</summary>
    IEnumerable<RecordedRow> Rows();
}
