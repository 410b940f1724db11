using Slipway.Core.Analysis;
using Slipway.Rehearsal.Backtesting.Recordings;
using Slipway.Rehearsal.Backtesting.Splitting;

namespace Slipway.Rehearsal.Backtesting.Running;

/// <summary>Tests a plan on recorded telemetry.</summary>
public static class Backtests
{
    private const double Confidence = 0.975;

    /// <summary>Tests it. Splits run side by side, and what comes out does not depend on which ends first.</summary>
    /// <param name="subject">The plan.</param>
    /// <param name="recording">The recording.</param>
    /// <param name="split">Whether to split even a recording that has both arms; one without a canary is always split.</param>
    /// <param name="seed">The first seed.</param>
    /// <param name="seeds">How many splits, 1 or more; a recording whose own arms are judged is read once.</param>
    /// <param name="incidents">What is known to have been wrong in it; everything else counts as healthy.</param>
    /// <param name="cancellation">Gives up.</param>
    public static BacktestReport Run(
        BacktestSubject subject, Recording recording, bool split, int seed, int seeds, IReadOnlyList<Incident> incidents, CancellationToken cancellation)
    {
        var survey = recording.Survey;
        var arms = !survey.HasCanary ? ArmSource.SplitEverybody : split ? ArmSource.SplitControl : ArmSource.Recorded;
        if (arms == ArmSource.Recorded) seeds = 1;
        subject = subject.For(survey, arms != ArmSource.Recorded);
        var passes = new BacktestPass[seeds];
        Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation }, index =>
        {
            passes[index] = new BacktestPass(subject, survey, arms, seed + index, incidents);
            passes[index].Run(recording, cancellation);
        });
        return new BacktestReport
        {
            Release = subject.Release,
            ContentHash = subject.ContentHash,
            Recording = survey,
            Arms = arms,
            Seed = seed,
            Seeds = seeds,
            Assumptions = [.. Assumptions(arms, seeds, incidents.Count), .. subject.Notes],
            Healthy = Healthy(subject, passes, seed),
            Incidents = [.. incidents.Select(incident => Incident(subject, survey, incident, passes, arms))],
        };
    }

    private static IEnumerable<string> Assumptions(ArmSource arms, int seeds, int incidents)
    {
        yield return arms switch
        {
            ArmSource.Recorded => "Arms: as recorded, whatever share each had; the exposure that is seen is not compared with the stages.",
            ArmSource.SplitControl => "Arms: the recorded control arm, split at random by each stage's share; both parts are alike.",
            _ => "Arms: the recording has no canary, so that its requests are split at random by each stage's share; both parts are alike.",
        };
        if (seeds > 1) yield return FormattableString.Invariant($"The {seeds} splits are of the same requests: what hits both arms alike is in each of them, and the interval is narrower than that of as many recordings.");
        if (incidents > 0 && arms != ArmSource.Recorded)
            yield return FormattableString.Invariant($"Incidents: what was recorded is taken for the new version's; the old version's requests of the same minutes fail and take as long as in the last {UsualService.MostIntervals} healthy intervals before.");
    }

    private static HealthyResult Healthy(BacktestSubject subject, IReadOnlyList<BacktestPass> passes, int seed)
    {
        var all = passes.SelectMany((pass, index) => pass.Healthy.Select(release => (Seed: seed + index, release.BeganAt, release.Ending))).ToList();
        var (ended, back) = (all.Count(one => one.Ending.Outcome != VirtualOutcome.Cut), Count(VirtualOutcome.RolledBack));
        return new HealthyResult
        {
            Releases = ended,
            Completed = Count(VirtualOutcome.Completed),
            Held = Count(VirtualOutcome.Held),
            LostSight = Count(VirtualOutcome.LostSight),
            RolledBack = back,
            Cut = all.Count - ended,
            FalseRollbackRate = ended == 0 ? null : (double)back / ended,
            Low = ended == 0 ? 0 : BinomialBounds.Lower(back, ended, Confidence),
            High = ended == 0 ? 1 : BinomialBounds.Upper(back, ended, Confidence),
            Budget = subject.Plan.Evidence.FalseRollbackBudget,
            FalseRollbacks =
            [
                .. all.Where(one => one.Ending.Outcome == VirtualOutcome.RolledBack).Take(HealthyResult.MostNamed).Select(one => new FalseRollback(
                    one.Seed, one.BeganAt, one.Ending.At, subject.Stages[one.Ending.Position].Index + 1, one.Ending.Rule, one.Ending.Why)),
            ],
        };

        int Count(VirtualOutcome outcome) => all.Count(one => one.Ending.Outcome == outcome);
    }

    private static IncidentResult Incident(BacktestSubject subject, RecordingSurvey survey, Incident incident, IReadOnlyList<BacktestPass> passes, ArmSource arms)
    {
        var result = new IncidentResult { From = incident.From, To = incident.To };
        if (incident.From < survey.From || incident.From >= survey.To)
            return result with { NotJudged = FormattableString.Invariant($"it does not begin within the recording, {survey.From.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} to {survey.To.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}") };
        if (arms != ArmSource.Recorded && passes[0].Unmeasured.Contains(incident))
            return result with { NotJudged = FormattableString.Invariant($"the recording has fewer than {UsualService.FewestIntervals} healthy intervals before it, and so nothing to measure it against") };
        return result with { Stages = [.. subject.Exposing.Select(position => Stage(subject, position, [.. passes.SelectMany(pass => pass.Runs.Where(run => run.Incident == incident && run.Position == position))]))] };
    }

    private static IncidentStage Stage(BacktestSubject subject, int position, List<IncidentRun> runs)
    {
        var came = runs.Where(run => !run.Before && run.Release.Position >= position).ToList();
        var caught = came.Where(run => run.Caught).ToList();
        var first = came.FirstOrDefault() is { Caught: true } one ? one.Release.Ending : null;
        return new IncidentStage
        {
            Stage = subject.Stages[position].Index + 1,
            Percentage = (double)subject.Stages[position].Percentage.Value,
            LeadIn = runs[0].LeadIn,
            Runs = came.Count,
            Caught = caught.Count,
            Held = caught.Count(run => run.Release.Ending!.Outcome == VirtualOutcome.Held),
            Before = runs.Count(run => run.Before),
            MinutesToDetect = Median(caught.Select(run => Math.Max(0, (run.Release.Ending!.At - run.Incident.From).TotalMinutes)), 1),
            FailedBeyondUsual = Median(came.Where(run => run.Measured).Select(run => run.Failed), 0),
            SlowBeyondUsual = Median(came.Where(run => run.Measured).Select(run => run.Slow), 0),
            First = first is null ? null : new IncidentDecision(first.At, subject.Stages[first.Position].Index + 1, first.Rule, first.Why),
        };
    }

    private static double? Median(IEnumerable<double> values, int digits)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? null : Math.Round(sorted[(sorted.Count - 1) / 2], digits);
    }
}
