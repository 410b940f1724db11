using System.Globalization;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Demo.Progress;

/// <summary>The words of the demo's progress: what changed, in one line, for somebody who sees Slipway for the first time.</summary>
internal static class DemoLines
{
    /// <summary>What an entry changed, in one line; null when there is nothing to tell.</summary>
    /// <param name="before">The view before the entry.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="after">The view with the entry.</param>
    public static string? Change(DemoView before, LedgerEntry entry, DemoView after) => entry.Read() switch
    {
        ReleaseCreated created => Line(after, "start", $"{created.Request.Release.Title}: {Stages(created)} of the shoppers"),
        PhaseEntered phase when before.Phase == ReleasePhase.Preflight && phase.Phase != ReleasePhase.Preflight => Line(after, "preflight", Gates(after)),
        PhaseEntered { Phase: ReleasePhase.Paused } phase => Line(after, "paused", phase.Reason),
        PhaseEntered { Phase: ReleasePhase.Baking } => Line(after, StageName(after), $"{Share(after.Exposure)}  judging{Next(after, after.At)}"),
        PhaseEntered { Phase: ReleasePhase.Validating } => Line(after, "validate", "everybody has the new version; last checks"),
        GateChecked { Status: GateStatus.Fail } gate => Line(after, "check", $"{gate.Gate} failed: {gate.Details}"),
        StageStarted stage => Line(after, StageName(after), $"{Share(stage.Percentage)}  flag written and read back, {Share(stage.Percentage).Trim()} of the shoppers get the new search"),
        StageEnded { Promoted: true } stage => Line(after, StageName(after), $"{Share(after.Exposure)}  {(stage.Verdict == Verdict.Undecided ? "undecided at the longest bake, promoted with a warning as the request says" : stage.Verdict.ToString().ToLowerInvariant())}: {stage.Sentence}"),
        // The end of the stage says the same.
        AlertRaised { Name: AlertNames.Evidence } => null,
        AlertRaised alert => Line(after, "alert", alert.Sentence),
        RollbackBegun rollback => Line(after, "BREACH", $"{rollback.Reason}; rolling back"),
        EffectFinished when after.VerifiedOffAt != before.VerifiedOffAt => Line(after, "rollback", "flag off, read back and verified: nobody gets the new search any more; telemetry has to confirm it"),
        ReleaseEnded ended => Line(after, Word(ended.Phase), ended.Reason),
        _ => null,
    };

    /// <summary>Both arms' error rates and latencies over the newest intervals.</summary>
    public static string Evidence(DemoView view) => Line(view, StageName(view), $"{Share(view.Exposure)}  {Arms(view)}");

    /// <summary>The same with what comes next, for a line that is drawn again and again.</summary>
    public static string Live(DemoView view, DateTimeOffset now)
    {
        var state = view switch
        {
            { Rollback: not null, VerifiedOffAt: null } => "rolling back: the flag is being written off",
            { Rollback: not null } => "rolling back: the flag is off; waiting for telemetry to confirm that the errors are gone",
            { Stage: 0 } => Word(view.Phase),
            _ => $"{StageName(view)} {Share(view.Exposure)}  {ShortArms(view)}",
        };
        return $"{Seconds(now - view.StartedAt)}  {state}{Next(view, now)}";
    }

    /// <summary>A phase in words.</summary>
    public static string Word(ReleasePhase phase) => phase switch
    {
        ReleasePhase.RolledBack => "rolled back",
        ReleasePhase.RollingBack => "rolling back",
        _ => phase.ToString().ToLowerInvariant(),
    };

    /// <summary>Seconds with one decimal, right-aligned.</summary>
    public static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds,6:0.0} s");

    private static string Line(DemoView view, string what, string text) => $"{Seconds(view.At - view.StartedAt)}  {what,-12} {text}";

    private static string StageName(DemoView view) => $"stage {view.Stage}/{view.Stages}";

    private static string Share(Percentage share) => string.Create(CultureInfo.InvariantCulture, $"{share.Value,3:0.#} %");

    private static string Stages(ReleaseCreated created) => string.Join(", ", created.Plan.Stages.Select(stage => stage.Percentage.ToString()));

    private static string Gates(DemoView view)
    {
        var (passed, warned, failed) = (Count(GateStatus.Pass), Count(GateStatus.Warning), Count(GateStatus.Fail));
        return (passed == 1 ? "1 check passed" : $"{passed} checks passed") + (warned > 0 ? $", {warned} with a warning ({string.Join(", ", view.Warned)})" : "") + (failed > 0 ? $", {failed} failed" : "");

        int Count(GateStatus status) => view.Gates.GetValueOrDefault(status);
    }

    private static string Arms(DemoView view)
    {
        var (next, old) = view.Rates;
        return next is null && old is null ? "waiting for telemetry" : $"new: {Arm(next)} | old: {Arm(old)}";
    }

    /// <summary>Short enough that a terminal of 120 columns has room for what comes next.</summary>
    private static string ShortArms(DemoView view)
    {
        var (next, old) = view.Rates;
        return next is null && old is null ? "waiting for telemetry" : $"new {ShortArm(next)} | old {ShortArm(old)}";
    }

    private static string ShortArm(ArmSample? arm) => arm is { Requests: > 0 }
        ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * arm.Errors / arm.Requests:0.0} % errors, {arm.Latency.Percentile(0.95):0} ms")
        : "no requests";

    private static string Arm(ArmSample? arm) => arm is { Requests: > 0 }
        ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * arm.Errors / arm.Requests:0.0} % errors, p95 {arm.Latency.Percentile(0.95):0} ms, {arm.Requests:N0} requests")
        : "no requests";

    private static string Next(DemoView view, DateTimeOffset now) => view switch
    {
        { NextEvent: "" } => "",
        { NextAt: { } due } when due > now => string.Create(CultureInfo.InvariantCulture, $"  | in {(due - now).TotalSeconds:0} s: {view.NextEvent}"),
        _ => $"  | next: {view.NextEvent}",
    };
}
