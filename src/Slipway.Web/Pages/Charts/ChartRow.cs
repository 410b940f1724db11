namespace Slipway.Web.Pages.Charts;

/// <summary>One slot of the chart, as the table beside it has it.</summary>
/// <param name="Start">The slot's start.</param>
/// <param name="Canary">The new version; null where it sent too little.</param>
/// <param name="CanaryCount">Requests or values of the new version.</param>
/// <param name="Control">The old version; null where it sent too little.</param>
/// <param name="ControlCount">Requests or values of the old version.</param>
public sealed record ChartRow(DateTimeOffset Start, ChartValue? Canary, long CanaryCount, ChartValue? Control, long ControlCount);
