using Slipway.Core.Requests;

namespace Slipway.Embedded.Telemetry;

/// <summary>A body of <c>POST /telemetry</c> as read: its rows, or everything that is wrong with it.</summary>
/// <param name="Rows">The rows; empty when there is any problem.</param>
/// <param name="Problems">All problems at once, in the order of the body; empty when the rows may be taken in.</param>
public sealed record TelemetryBatch(IReadOnlyList<TelemetryRow> Rows, IReadOnlyList<RequestProblem> Problems);
