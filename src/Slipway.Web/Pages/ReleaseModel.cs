using Slipway.Core.Ledgers;
using Slipway.Core.Outlook;
using Slipway.Core.Releases;
using Slipway.Web.Pages.Charts;
using Slipway.Web.Words;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Reporting;

namespace Slipway.Web.Pages;

/// <summary>Everything that the page of one release shows.</summary>
public sealed record ReleaseModel
{
    /// <summary>How many ledger entries stand on the page itself.</summary>
    public const int ShownEntries = 40;

    /// <summary>What is around it.</summary>
    public required PageFrame Frame { get; init; }

    /// <summary>The release as of <see cref="At"/>, or as of now.</summary>
    public required ReleaseState State { get; init; }

    /// <summary>Its evidence.</summary>
    public required EvidenceTimeline Timeline { get; init; }

    /// <summary>The newest entries of its ledger, newest first.</summary>
    public required IReadOnlyList<LedgerRow> Rows { get; init; }

    /// <summary>The ledger sequence whose moment is shown; null: now.</summary>
    public long? At { get; init; }

    /// <summary>The sequence of the newest entry.</summary>
    public required long Head { get; init; }

    /// <summary>The metric whose chart is shown.</summary>
    public required ChartMetric Metric { get; init; }

    /// <summary>The metrics that can be shown.</summary>
    public required IReadOnlyList<ChartMetric> Metrics { get; init; }

    /// <summary>What came of the command that led here; null: none did.</summary>
    public CommandFact? Answered { get; init; }

    /// <summary>The release.</summary>
    public ReleaseId Id => State.Plan.ReleaseId;

    /// <summary>The same words as in list, CLI and mail.</summary>
    public ReleaseSummary Summary => ReleaseSummaries.Of(State);

    /// <summary>What a promotion would take.</summary>
    public PromotionOutlook Outlook => PromotionOutlook.Of(State, Frame.Now);

    /// <summary>Whether whoever looks may give commands, now.</summary>
    public bool MayCommand => At is null && Frame.Caller?.HasAny(Access.ApiRoles.Operator) == true;

    /// <summary>The limit of a metric by the plan's triggers that roll back; null: none.</summary>
    public double? LimitOf(ChartMetric metric) => LimitOf(State, metric);

    /// <summary>The limit of a metric by a release's triggers; null: none.</summary>
    public static double? LimitOf(ReleaseState state, ChartMetric metric) => state.Plan.Triggers
        .Where(trigger => trigger.Metric == metric.Id && trigger.Above is not null)
        .Select(trigger => (double?)trigger.Above)
        .Min();

    /// <summary>The chart; null: too little was seen.</summary>
    public EvidenceChart? Chart => EvidenceChart.Of(Timeline, Metric, LimitOf(Metric));

    /// <summary>Metrics of a release that have something to show.</summary>
    public static IReadOnlyList<ChartMetric> MetricsOf(ReleaseState state) =>
        [ChartMetric.ErrorRate, ChartMetric.LatencyP95, .. state.Request.Guardrails.Kpis.Select(kpi => ChartMetric.Kpi(kpi.Name))];
}

/// <summary>One entry of the ledger for people.</summary>
/// <param name="Sequence">Its place.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Words">What it says.</param>
public sealed record LedgerRow(long Sequence, DateTimeOffset At, string Actor, string Words)
{
    /// <summary>The rows of entries that say something to people, newest first.</summary>
    public static IReadOnlyList<LedgerRow> Of(IEnumerable<LedgerEntry> entries, int most)
    {
        var rows = new List<LedgerRow>();
        string? before = null;
        foreach (var entry in entries)
        {
            if (LedgerText.Of(entry) is not { } words) continue;
            // Polls that say the same as the one before are no change.
            var key = entry.Type == "interval.judged.v1" ? words.Split(':', 3)[1] : null;
            if (key is not null && key == before) continue;
            before = key;
            rows.Add(new LedgerRow(entry.Sequence, entry.At, entry.Actor, words));
        }

        rows.Reverse();
        return rows.Count > most ? rows.GetRange(0, most) : rows;
    }
}
