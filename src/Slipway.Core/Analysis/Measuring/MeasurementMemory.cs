namespace Slipway.Core.Analysis.Measuring;

/// <summary>What is remembered of one measurement. A value: it is handed on as a copy.</summary>
public sealed record MeasurementMemory
{
    /// <summary>When its newest value ended; null: none was seen in this stage.</summary>
    public DateTimeOffset? SeenUntil { get; init; }

    /// <summary>The mean of the newest interval with a value; of a counter, its events.</summary>
    public double Last { get; init; }

    /// <summary>Since when it has been beyond its warning; null: it is not.</summary>
    public DateTimeOffset? WarningSince { get; init; }

    /// <summary>Since when it has been beyond its limit; null: it is not.</summary>
    public DateTimeOffset? LimitSince { get; init; }

    /// <summary>In how many intervals in a row it was.</summary>
    public int LimitIntervals { get; init; }

    /// <summary>Since when its slope has been beyond what is tolerated; null: it is not.</summary>
    public DateTimeOffset? SlopeSince { get; init; }

    /// <summary>The values of the newest hour, or of the time that the slope is measured over, oldest first; empty where none is.</summary>
    public IReadOnlyList<MeasuredPart> Parts { get; init; } = [];
}

/// <summary>The values of a short time, added up.</summary>
/// <param name="Start">Start of the first interval in it.</param>
/// <param name="Until">End of the last.</param>
/// <param name="Count">How many values.</param>
/// <param name="Sum">Their sum.</param>
public readonly record struct MeasuredPart(DateTimeOffset Start, DateTimeOffset Until, long Count, double Sum);
