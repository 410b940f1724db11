using Slipway.Core.Ledgers;
using Slipway.Core.Reporting.Contract;

namespace Slipway.Core.Tests.Contract;

/// <summary>What has to hold from one report of a release to the next, which no schema of a single report can say.</summary>
internal sealed class ReportCourse
{
    private readonly Dictionary<(int Environment, int Stage), StageReport> _stages = [];
    private ReleaseReport? _last;

    /// <summary>Takes the next report in and says what it breaks; empty: nothing.</summary>
    public IReadOnlyList<string> Next(ReleaseState state, ReleaseReport report)
    {
        List<string> problems = [.. Identity(state, report), .. Rollout(state, report), .. Trail(report), .. Numbers(report)];
        _last = report;
        return problems;
    }

    private IEnumerable<string> Identity(ReleaseState state, ReleaseReport report)
    {
        if (report.ReleaseId != state.Plan.ReleaseId.Value) yield return $"release_id is {report.ReleaseId}, the ledger is of {state.Plan.ReleaseId}";
        if (_last is { } last && last.Version != report.Version) yield return $"version was {last.Version} and is {report.Version}";
        if (_last is { Status: not ReportStatus.InProgress } over && over.Status != report.Status) yield return $"status was {over.Status} and is {report.Status}";
        if (report is { Status: ReportStatus.InProgress, NextActions.Count: 0 }) yield return "nothing comes next although the release is in progress";
    }

    private IEnumerable<string> Rollout(ReleaseState state, ReleaseReport report)
    {
        var rollout = report.ProgressiveRollout;
        if (rollout.CurrentPercentage != (double)state.Exposure.Value) yield return $"current_percentage is {rollout.CurrentPercentage}, read back was {state.Exposure}";
        if (rollout.Stages.Count(stage => stage.Status == ReportStageStatus.Active) > 1) yield return "more than one stage is active";
        var environment = state.Rollback?.Environment ?? state.Environment;
        foreach (var (index, stage) in rollout.Stages.Index())
        {
            if (_stages.TryGetValue((environment, index), out var before))
            {
                if (stage.Status < before.Status) yield return $"stage {index + 1} was {before.Status} and is {stage.Status}";
                if (before.Status != ReportStageStatus.Pending && stage.StartedAt != before.StartedAt) yield return $"stage {index + 1} started at {before.StartedAt:u} and now at {stage.StartedAt:u}";
            }

            _stages[(environment, index)] = stage;
        }
    }

    private IEnumerable<string> Trail(ReleaseReport report)
    {
        var trail = report.Compliance.AuditTrail;
        if (trail.Zip(trail.Skip(1)).Any(pair => pair.Second.Timestamp < pair.First.Timestamp)) yield return "the audit trail is not chronological";

        // A trail that is full loses its oldest lines but the first; until then every line stays. An entry of a writer whose clock is behind
        // comes before lines that were there already.
        if (_last?.Compliance.AuditTrail is { Count: < ReleaseState.AuditLimit } before && !Holds(trail, before)) yield return "the audit trail lost or changed a line";
    }

    private static bool Holds(IReadOnlyList<AuditReport> trail, IReadOnlyList<AuditReport> before)
    {
        var found = 0;
        foreach (var line in trail)
        {
            if (found < before.Count && line == before[found]) found++;
        }

        return found == before.Count;
    }

    private static IEnumerable<string> Numbers(ReleaseReport report)
    {
        var latency = report.HealthMetrics.Latency;
        if (latency.P50 > latency.P95 || latency.P95 > latency.P99) yield return $"p50 {latency.P50}, p95 {latency.P95} and p99 {latency.P99} do not rise";
        var rollback = report.RollbackStatus;
        if (rollback.CompletedAt != DateTimeOffset.UnixEpoch && rollback.CompletedAt < rollback.StartedAt) yield return "the rollback is complete before it began";
        foreach (var flag in report.FeatureFlags)
        {
            var expected = flag.Percentage switch { 0 => FlagExposure.Off, 100 => FlagExposure.Full, _ => FlagExposure.Partial };
            if (flag.Status != expected) yield return $"flag {flag.Name} is {flag.Status} at {flag.Percentage} %";
        }
    }
}
