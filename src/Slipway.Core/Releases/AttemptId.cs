using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Core.Releases;

/// <summary>The ids of further attempts: the first attempt's id with <c>-attempt-2</c>, <c>-attempt-3</c> and so on; pure.</summary>
public static partial class AttemptId
{
    private const int Longest = 80;

    /// <summary>The id of an attempt.</summary>
    /// <param name="predecessor">The attempt before.</param>
    /// <param name="attempt">Which attempt it is, 2 or more.</param>
    /// <param name="taken">How many ids for it other releases have already, 0 first.</param>
    public static ReleaseId Of(ReleaseId predecessor, int attempt, int taken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(taken);

        // The second attempt's predecessor is the first, whatever its id ends with.
        var first = attempt > 2 ? Suffix().Replace(predecessor.Value, "") : predecessor.Value;
        var suffix = string.Create(CultureInfo.InvariantCulture, $"-attempt-{attempt}{(taken == 0 ? "" : $"-{taken + 1}")}");
        var room = Longest - suffix.Length;
        return ReleaseId.Parse((first.Length > room ? first[..room].TrimEnd('-', '.') : first) + suffix);
    }

    [GeneratedRegex(@"-attempt-\d+(?:-\d+)?\z")]
    private static partial Regex Suffix();
}
