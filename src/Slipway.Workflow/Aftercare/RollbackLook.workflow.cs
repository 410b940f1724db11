using Slipway.Core.Aftercare;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;

namespace Slipway.Workflow.Aftercare;

/// <summary>
/// Watches the metrics of everybody for a day once users were taken back: looks at them, records what it sees, and tells on-call when they go
/// bad. It holds no lock and moves nothing; between two looks it is one timer.
/// </summary>
internal static class RollbackLook
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Looks until the day is over.</summary>
    /// <param name="context">The engine.</param>
    /// <param name="release">The release.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="end">When it ended.</param>
    /// <param name="brief">Which environments were exposed, and how closely they are watched.</param>
    /// <param name="record">Records a look, and tells people where the second argument says so.</param>
    public static async Task RunAsync(
        IWorkflowContext context, ReleaseId release, ReleasePlan plan, DateTimeOffset end, AftercareBrief brief, Func<AftercareLooked, bool, Task> record)
    {
        var before = LookStatus.Good;
        while (RollbackWatch.Next(end, brief.Close, context.Now) is { } next)
        {
            await context.SleepUntil(next);
            var look = await Look(context, plan, brief);
            await record(look, look.Status == LookStatus.Bad && before != LookStatus.Bad);

            // Not to see says nothing: what was bad before is still told once only.
            if (look.Status != LookStatus.Blind) before = look.Status;
        }
    }

    private static async Task<AftercareLooked> Look(IWorkflowContext context, ReleasePlan plan, AftercareBrief brief)
    {
        var watch = plan.Watch;
        var ticks = (context.Now - watch.IngestionDelay).UtcTicks;
        var to = new DateTimeOffset(ticks - (ticks % watch.Interval.Ticks), TimeSpan.Zero);
        var from = to - (watch.Interval * RollbackWatch.Intervals);
        List<PlannedEnvironment> exposed = [.. plan.Environments.Take(brief.Environments)];
        var seen = await Task.WhenAll(exposed.Select(environment => context.Attempt(
            context.RunActivity(ReleaseActivities.Observe, new ObserveInput(environment.Watch, from, to)), Timeout)));
        List<RecoveryJudgement> judged = [.. exposed.Zip(seen, (environment, answer) =>
            RecoveryJudge.Judge(plan.Of(environment), answer.Value?.Observations ?? [], answer.Value?.Problem ?? answer.Problem).Named(plan.In(environment)))];
        List<string> bad = [.. judged.SelectMany(one => one.Bad), .. judged.Where(one => one.StillExposed).Select(_ => "requests still reach the new version")];
        var blind = seen.Any(answer => answer.Value is not { Problem.Length: 0 } value || value.Observations.Sum(row => (row.Canary?.Requests ?? 0) + (row.Control?.Requests ?? 0)) == 0);
        return new AftercareLooked(
            from,
            to,
            bad.Count > 0 ? LookStatus.Bad : blind ? LookStatus.Blind : LookStatus.Good,
            string.Join("; ", bad.Count > 0 ? bad : judged.SelectMany(one => one.Notes)));
    }
}
