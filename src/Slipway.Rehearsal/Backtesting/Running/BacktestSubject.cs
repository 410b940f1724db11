using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Rehearsal.Backtesting.Recordings;

namespace Slipway.Rehearsal.Backtesting.Running;

/// <summary>What is tested on a recording: a plan, as its last environment sees it, and the judge.</summary>
public sealed record BacktestSubject
{
    /// <summary>The release.</summary>
    public required string Release { get; init; }

    /// <summary>What identifies the request, as its ledger would have it.</summary>
    public required string ContentHash { get; init; }

    /// <summary>The plan as the last environment sees it.</summary>
    public required ReleasePlan Plan { get; init; }

    /// <summary>That environment's stages, in order.</summary>
    public required IReadOnlyList<PlannedStage> Stages { get; init; }

    /// <summary>The judge: the product's.</summary>
    public IReleaseJudge Judge { get; init; } = new EvidenceJudge();

    /// <summary>What differs from a release, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Positions of the stages that expose users.</summary>
    internal IEnumerable<int> Exposing => Enumerable.Range(0, Stages.Count).Where(position => Stages[position].Percentage > Percentage.Zero);

    /// <summary>Of a request; or why its plan cannot be tested so.</summary>
    public static (BacktestSubject? Subject, IReadOnlyList<RequestProblem> Problems, string? Unfit) Of(ReleaseRequest request)
    {
        var planned = Planner.Plan(request, true, request.Telemetry?.Source ?? TelemetrySource.Embedded);
        if (planned.Plan is not { } whole) return (null, planned.Problems, null);
        if (whole.Strategy is RolloutStrategy.Rolling or RolloutStrategy.Shadow)
            return (null, [], $"its strategy is {System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(whole.Strategy.ToString())}, whose stages are no share of the users; expected a plan whose stages are");
        var environment = whole.Environments[^1];
        return (new BacktestSubject
        {
            Release = request.Release.Id.Value,
            ContentHash = RequestHash.Of(request),
            Plan = whole.Of(environment),
            Stages = [.. whole.Stages.Where(stage => stage.Environment == environment.Index)],
        }, [], null);
    }

    /// <summary>The same without what a recording does not tell, which would stay unproven for ever; with a sentence for each difference.</summary>
    /// <param name="survey">What is in the recording.</param>
    /// <param name="split">Whether its arms are made by a split.</param>
    public BacktestSubject For(RecordingSurvey survey, bool split)
    {
        var evidence = Plan.Evidence;
        var notes = new List<string>();
        var tellsMore = survey.Format == "ledger" && !split;
        List<string> untold = tellsMore ? [] : [.. evidence.Kpis.Select(kpi => kpi.Name), .. evidence.Measurements.Select(measurement => measurement.Name)];
        var plan = Plan;
        if (untold.Count > 0)
        {
            notes.Add($"Left out, since {(split ? "a split of requests does not tell them" : "the recording does not tell them")}: {string.Join(", ", untold)}.");
            plan = plan with
            {
                Evidence = evidence with { Kpis = [], Measurements = [] },
                Triggers = [.. plan.Triggers.Where(trigger => !untold.Contains(trigger.Metric, StringComparer.Ordinal))],
            };
        }

        if (!survey.HasLatency) notes.Add("The recording has no latencies: nothing about latency is judged, and no stage can prove anything about it.");
        if (!survey.Regions.Order(StringComparer.OrdinalIgnoreCase).SequenceEqual(plan.Regions.Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase))
        {
            notes.Add(plan.Regions.Count > 1
                ? $"Regions are those of the recording ({string.Join(", ", survey.Regions)}), the plan's are {string.Join(", ", plan.Regions)}."
                : $"The plan has one region ({plan.Regions[0]}): the recording's ({string.Join(", ", survey.Regions)}) are judged together.");
        }

        notes.Add("Approvals are given at once, hours are open, and gates, smoke checks and the A/A calibration before the start are not part of it.");
        return this with { Plan = plan, Notes = notes };
    }
}
