using System.Text;
using Slipway.Core.Policy;
using Slipway.Web.Requests;

namespace Slipway.Functions.Policy;

/// <summary>What a look at a place for the policy found.</summary>
/// <param name="Text">What stands there; null: nothing, or it could not be read.</param>
/// <param name="Missing">There is nothing.</param>
/// <param name="Why">Why it cannot be used, in words that everyone may read; empty when it can.</param>
/// <param name="Details">The same with what was found, for the log; empty when it can.</param>
internal sealed record PolicyText(string? Text, bool Missing, string Why, string Details)
{
    /// <summary>What the text says; null where there is none.</summary>
    public PolicyReading? Reading { get; private init; }

    /// <summary>When it was kept there.</summary>
    public DateTimeOffset At { get; private init; }

    /// <summary>A text that was found.</summary>
    /// <param name="text">The text.</param>
    /// <param name="place">Where, for messages.</param>
    /// <param name="file">The name that problems give the document.</param>
    /// <param name="at">When it was kept.</param>
    public static PolicyText Of(string text, string place, string file, DateTimeOffset at = default)
    {
        var reading = ServerPolicyReader.Read(RequestFile.Parse(Encoding.UTF8.GetBytes(text), file));
        if (reading.Policy is not null) return new PolicyText(text, false, "", "") { Reading = reading, At = at };
        var why = $"{place} has {(reading.Problems.Count == 1 ? "1 problem" : $"{reading.Problems.Count} problems")}";
        return new PolicyText(text, false, why, $"{why}:{string.Concat(reading.Problems.Select(problem => $"{Environment.NewLine}  {problem}"))}") { Reading = reading, At = at };
    }

    /// <summary>Nothing there.</summary>
    public static PolicyText None(string place) => new(null, true, $"{place} is missing (an empty one is the default policy)", $"{place} is missing; an empty one is the default policy");

    /// <summary>No answer that could be used.</summary>
    public static PolicyText Unreadable(string place, string problem) => new(null, false, $"{place} cannot be read", $"{place} cannot be read: {problem}");
}
