namespace Slipway.Embedded.Telemetry;

/// <summary>A body of <c>POST /telemetry</c> as read: its rows, or everything that is wrong with it.</summary>
/// <param name="Rows">The rows; empty when there is any problem.</param>
/// <param name="Problems">All problems at once, in the order of the body; empty when the rows may be taken in.</param>
public sealed record TelemetryBatch(IReadOnlyList<TelemetryRow> Rows, IReadOnlyList<TelemetryProblem> Problems);

/// <summary>One thing that is wrong with a batch.</summary>
/// <param name="Path">Where, for example <c>rows[3].errors</c>; empty for the body as a whole.</param>
/// <param name="Found">What was found.</param>
/// <param name="Expected">What is expected there.</param>
public sealed record TelemetryProblem(string Path, string Found, string Expected)
{
    /// <summary>The problem in one sentence.</summary>
    public override string ToString() => $"{(Path.Length == 0 ? "body" : Path)}: found {Found}, expected {Expected}";
}
