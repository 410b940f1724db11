using Slipway.Core.Analysis;

namespace Slipway.Rehearsal.Backtesting.Recordings;

/// <summary>Whose requests a row of a recording counts.</summary>
public enum RecordedArm
{
    /// <summary>Everybody's: the recording knows no arms.</summary>
    Everybody,

    /// <summary>Those of users on the old version.</summary>
    Control,

    /// <summary>Those of users on the new version.</summary>
    Canary,
}

/// <summary>One row of a recording: what one arm did in one region in one interval.</summary>
/// <param name="Line">The line of the file that it begins on, 1 first.</param>
/// <param name="Start">Start of the interval, inclusive; UTC, and a multiple of the plan's interval.</param>
/// <param name="Region">The region; <c>global</c> where none is named.</param>
/// <param name="Arm">Whose requests.</param>
/// <param name="Sample">What was counted.</param>
public readonly record struct RecordedRow(long Line, DateTimeOffset Start, string Region, RecordedArm Arm, ArmSample Sample);
