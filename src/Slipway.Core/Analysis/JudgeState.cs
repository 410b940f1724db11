using Slipway.Core.Analysis.Bands;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Analysis.Measuring;
using Slipway.Core.Analysis.Triggers;

namespace Slipway.Core.Analysis;

/// <summary>What a judge remembers between intervals: a plain, serialisable value.</summary>
public sealed record JudgeState
{
    /// <summary>End of the newest interval that was judged.</summary>
    public required DateTimeOffset JudgedUntil { get; init; }

    /// <summary>What was learnt before anybody was exposed; null: nothing was measured.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>The observations that the longest window still needs, ascending.</summary>
    public IReadOnlyList<Observation> Recent { get; init; } = [];

    /// <summary>Since when each trigger (by name and region) has been continuously crossed, over its own window and over any.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> CrossedSince { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>The windows in which a trigger was crossed lately, by name and region, oldest first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<CrossedWindow>> CrossedWindows { get; init; } = new Dictionary<string, IReadOnlyList<CrossedWindow>>();

    /// <summary>What is remembered of each guardrail, by metric and region.</summary>
    public IReadOnlyDictionary<string, GuardrailMemory> Guardrails { get; init; } = new Dictionary<string, GuardrailMemory>();

    /// <summary>What is remembered of each business metric.</summary>
    public IReadOnlyDictionary<string, KpiMemory> Kpis { get; init; } = new Dictionary<string, KpiMemory>();

    /// <summary>The stage whose totals are kept; totals restart when it changes.</summary>
    public int Stage { get; init; } = -1;

    /// <summary>Canary requests that count for promotion in this stage.</summary>
    public long StageRequests { get; init; }

    /// <summary>Intervals that count for promotion in this stage.</summary>
    public int StageIntervals { get; init; }

    /// <summary>Intervals of this stage in which an arm was missing.</summary>
    public int SkippedIntervals { get; init; }

    /// <summary>What this stage has shown.</summary>
    public StageTotals Totals { get; init; } = StageTotals.Empty;

    /// <summary>What the stage before had shown at its end; null: there was none.</summary>
    public StageTotals? TotalsBefore { get; init; }

    /// <summary>What is remembered of each measurement in this stage.</summary>
    public IReadOnlyDictionary<string, MeasurementMemory> Measurements { get; init; } = new Dictionary<string, MeasurementMemory>();

    /// <summary>End of the last interval at which something warned or was critical; null: nothing has.</summary>
    public DateTimeOffset? LoudUntil { get; init; }

    /// <summary>What that was.</summary>
    public string LoudRule { get; init; } = "";

    /// <summary>End of the last interval with usable telemetry; null before the first.</summary>
    public DateTimeOffset? SeenUntil { get; init; }

    /// <summary>Since when the exposure seen has not been the exposure set; null while it is, or too little was seen to tell.</summary>
    public DateTimeOffset? ExposureOffSince { get; init; }
}
