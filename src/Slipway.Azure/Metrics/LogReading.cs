using Slipway.Core.Analysis;

namespace Slipway.Azure.Metrics;

/// <summary>What a query gave.</summary>
/// <param name="Observations">Ascending by start and then region.</param>
/// <param name="Watermark">How far requests have come in; null: there were none, or it was not asked for.</param>
/// <param name="Seen">Of a cohort: requests at all.</param>
/// <param name="Known">Of a cohort: requests of known users that got the old version.</param>
/// <param name="Exposed">Of a cohort: whether somebody got the new version somewhere.</param>
internal sealed record LogReading(IReadOnlyList<Observation> Observations, IngestionWatermark? Watermark, long Seen, long Known, bool Exposed);
