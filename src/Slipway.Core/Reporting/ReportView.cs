using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting;

/// <summary>What several sections of the report need to know about a state, decided once.</summary>
internal sealed class ReportView
{
    public ReportView(ReleaseState state, DateTimeOffset now)
    {
        State = state;
        Now = now;
        Request = state.Request;
        Plan = state.Plan;
        Status = StatusOf(state);
        Environment = Plan.Environments[state.Rollback?.Environment ?? state.Environment];
        Stages = [.. state.Stages.Where(stage => Plan.EnvironmentOf(stage.Index).Index == Environment.Index)];
        Analysed = StageToShow(state, Stages);
        var form = state.Created!.BaseUrl.Trim().TrimEnd('/');
        Base = Uri.TryCreate(form, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && form.Length <= 1800 && !form.Any(char.IsWhiteSpace)
            ? form
            : "http://localhost";
        Owner = new[] { Request.Contacts.Primary, Request.Release.RequestedBy, state.Created.StartedBy }
            .Select(name => ReportText.Clean(name)).FirstOrDefault(name => name.Length > 0) ?? "the release's owner";
    }

    public ReleaseState State { get; }

    public DateTimeOffset Now { get; }

    public ReleaseRequest Request { get; }

    public ReleasePlan Plan { get; }

    public ReportStatus Status { get; }

    /// <summary>The environment that is shown: the one under way, or the one where a rollback was found to be due.</summary>
    public PlannedEnvironment Environment { get; }

    /// <summary>Its stages.</summary>
    public IReadOnlyList<StageState> Stages { get; }

    /// <summary>The stage whose evidence is shown; null before any evidence.</summary>
    public StageState? Analysed { get; }

    /// <summary>Absolute base of links, without a trailing slash.</summary>
    public string Base { get; }

    /// <summary>Who is asked when nobody else is named.</summary>
    public string Owner { get; }

    public decimal Exposure => State.Exposure.Value;

    public bool RollbackRequired => State.Rollback is not null;

    /// <summary>Whether the report may show a critical failure as failed: with users exposed and no rollback decided the contract has no
    /// place for it, so that the moment between finding and deciding shows a warning that says so.</summary>
    public bool MayFail => Exposure == 0 || RollbackRequired;

    public string Link(string document) => $"{Base}/api/releases/{Uri.EscapeDataString(Plan.ReleaseId.Value)}/documents/{document}";

    public string Page => $"{Base}/api/releases/{Uri.EscapeDataString(Plan.ReleaseId.Value)}";

    public GateFact? Gate(string name) => State.Gates.GetValueOrDefault(name);

    /// <summary>Findings that stand now: of the last assessment, and the one that caused the rollback.</summary>
    public IEnumerable<Finding> Standing
    {
        get
        {
            if (Status == ReportStatus.Completed) yield break;
            if (State.Rollback?.Finding is { } cause) yield return cause;
            if (State.Assessment is { Verdict: Verdict.Fail } assessment)
            {
                foreach (var finding in assessment.Findings) yield return finding;
            }
        }
    }

    public bool IsBlind => Status != ReportStatus.Completed && State.Assessment is { Verdict: Verdict.Blind };

    /// <summary>The plan's limit for a metric: the tightest that rolls back, else the tightest of all; null when it has none.</summary>
    public decimal? Limit(string metric)
    {
        var all = Plan.Triggers.Where(trigger => trigger.Metric == metric && trigger.Above is not null).ToList();
        var hard = all.Where(trigger => trigger.Action == TriggerAction.AutoRollback).ToList();
        var counted = hard.Count > 0 ? hard : all;
        return counted.Count > 0 ? counted.Min(trigger => trigger.Above) : null;
    }

    /// <summary>The budget for the 95th percentile, in milliseconds; null when there is none.</summary>
    public double? LatencyBudget => (double?)(Limit("latency_p95") ?? Request.Guardrails.LatencyP95?.Limit);

    // A terminal phase is reported as good only when the facts that the contract ties to it bear it out.
    private static ReportStatus StatusOf(ReleaseState state) => state.Phase switch
    {
        ReleasePhase.Completed => state.Exposure == Percentage.Full && state.Rollback is null && !PostDeploymentSection.CriticalFailures(state).Any()
            ? ReportStatus.Completed
            : ReportStatus.Failed,
        ReleasePhase.RolledBack => state.Exposure == Percentage.Zero && ReleaseFlagsOff(state) ? ReportStatus.RolledBack : ReportStatus.Failed,
        ReleasePhase.Failed => ReportStatus.Failed,
        _ => ReportStatus.InProgress,
    };

    private static bool ReleaseFlagsOff(ReleaseState state) => state.Plan.Flags
        .Where(flag => flag.Type == FlagType.Release)
        .All(flag => !state.Flags.TryGetValue(flag.Key, out var read) || read.Exposure == Percentage.Zero);

    // At 100 % there is no control arm left: show the last stage that had both, unless the last one shows what went wrong.
    private static StageState? StageToShow(ReleaseState state, IReadOnlyList<StageState> stages)
    {
        var judged = stages.Where(stage => stage.Evidence.Intervals > 0).ToList();
        if (judged.Count == 0) return null;
        var bad = state.Rollback is not null || state.Assessment is { Verdict: Verdict.Fail };
        return bad ? judged[^1] : judged.LastOrDefault(stage => stage.Evidence is { Canary.Requests: > 0, Control.Requests: > 0 }) ?? judged[^1];
    }
}
