using System.Text.Json.Serialization;

namespace Slipway.Core.Planning.Intake;

/// <summary>Something that a request does not say.</summary>
/// <param name="Path">Where it belongs, for example <c>release.version</c>. Stable, and unique in a report: it is the gap's id.</param>
/// <param name="Missing">What is missing, in a few words.</param>
/// <param name="Question">The clarifying question to the author.</param>
/// <param name="NextStep">What to do about it, on one line.</param>
/// <param name="Blocking">Whether the release cannot start without it.</param>
public sealed record Gap(string Path, string Missing, string Question, string NextStep, bool Blocking)
{
    /// <summary>Whether it is an open item of the release and deployment plan, under its open questions and risks: it does not keep the
    /// plan from being made, and has to be seen in it.</summary>
    public bool OpenItem => !Blocking;
}

/// <summary>The gaps of a request.</summary>
/// <param name="Profile">The profile that decided what blocks.</param>
/// <param name="Gaps">Blocking gaps first, each group in its fixed order of priority. No two have the same path.</param>
/// <param name="Insufficient">The contract's answer when something blocks; otherwise null.</param>
public sealed record GapReport(IntakeProfile Profile, IReadOnlyList<Gap> Gaps, InsufficientContext? Insufficient);

/// <summary>The contract's <c>insufficient_context</c> object: what is missing before anything can run.</summary>
/// <param name="Missing">What is missing, each with its path; at least one, no two alike.</param>
/// <param name="DeploymentBlockers">What else is known to stand in the way; may be empty.</param>
/// <param name="NextBestStep">The single most useful follow-up action, on one line.</param>
public sealed record InsufficientContext(
    [property: JsonPropertyOrder(1)] IReadOnlyList<string> Missing,
    [property: JsonPropertyOrder(2)] IReadOnlyList<string> DeploymentBlockers,
    [property: JsonPropertyOrder(3)] string NextBestStep)
{
    /// <summary>Always <c>insufficient_context</c>.</summary>
    [JsonPropertyOrder(0)]
    public string Error => "insufficient_context";
}
