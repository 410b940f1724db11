namespace Slipway.Rehearsal.Backtesting.Recordings;

/// <summary>A recording that cannot be used: where, what was found, and what is expected.</summary>
public sealed class RecordingException : FormatException
{
    /// <summary>Of a place in a file.</summary>
    /// <param name="file">The file, as the person named it.</param>
    /// <param name="line">The line, 1 first; null: the whole file.</param>
    /// <param name="column">The column or member by its name; null: the whole line.</param>
    /// <param name="found">What was found.</param>
    /// <param name="expected">What is expected.</param>
    public RecordingException(string file, long? line, string? column, string found, string expected)
        : base(FormattableString.Invariant($"{file}{(line is { } at ? FormattableString.Invariant($" line {at}") : "")}{(column is null ? "" : $", column {column}")}: found {found}, expected {expected}"))
    {
        Line = line;
        Column = column;
    }

    /// <summary>The line, 1 first; null: the whole file.</summary>
    public long? Line { get; }

    /// <summary>The column or member; null: the whole line.</summary>
    public string? Column { get; }
}
