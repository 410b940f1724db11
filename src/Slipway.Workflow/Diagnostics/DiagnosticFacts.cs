using System.Text.Json;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Rescue;
using static Slipway.Workflow.Diagnostics.DiagnosticFact;

namespace Slipway.Workflow.Diagnostics;

/// <summary>
/// What a new ledger entry tells; pure. Each fact belongs to one change of the state, so that an entry that changes nothing, as when a
/// terminal phase is recorded twice, tells nothing.
/// </summary>
internal static class DiagnosticFacts
{
    /// <summary>The facts of new entries.</summary>
    /// <param name="release">The release.</param>
    /// <param name="before">The state before the first of them.</param>
    /// <param name="entries">The entries, in order.</param>
    public static IReadOnlyList<DiagnosticFact> Of(ReleaseId release, ReleaseState before, IEnumerable<LedgerEntry> entries)
    {
        var facts = new List<DiagnosticFact>();
        foreach (var entry in entries)
        {
            var body = entry.Read();
            var after = before.Apply(entry, body);
            facts.AddRange(Of(release, before, entry, body, after));
            before = after;
        }

        return facts;
    }

    /// <summary>The facts of one new entry.</summary>
    public static IEnumerable<DiagnosticFact> Of(ReleaseId release, ReleaseState before, LedgerEntry entry, LedgerBody body, ReleaseState after)
    {
        if (before.Created is null || after.Created is null) return [];
        var trace = new ReleaseTrace(release);
        return
        [
            .. Began(before, after, trace),
            .. body switch
            {
                IntervalJudged judged => Polled(after, entry, judged, trace.Release),
                LevelEnded level => LevelDone(before, entry, level, after, trace),
                MessageSent { Kind: EffectKind.Mail } mail => Mailed(before, entry, mail, trace.Release),
                EffectFinished { Kind: EffectKind.Flag } flag => [new Count(DiagnosticNames.FlagWrites, DiagnosticNames.Result, Word(flag.Outcome))],
                ReleaseTakenOver taken when before.TakenOver is null => [new Count(DiagnosticNames.Rescues, DiagnosticNames.Cause, taken.By == RescueEntries.Rescuer ? "rescue" : "direct")],
                _ => Enumerable.Empty<DiagnosticFact>(),
            },
            .. StagesEnded(before, after, trace),
            .. ReleaseOver(before, entry, after, trace),
        ];
    }

    private static IEnumerable<DiagnosticFact> Began(ReleaseState before, ReleaseState after, ReleaseTrace trace)
    {
        if (before.BegunAt is not null || after.BegunAt is null) yield break;
        yield return new Count(DiagnosticNames.Started);
        yield return new Event(new ReleaseEvent.Started(trace.Release));
    }

    private static IEnumerable<DiagnosticFact> Polled(ReleaseState after, LedgerEntry entry, IntervalJudged judged, ReleaseId release)
    {
        var assessment = judged.Assessment;
        yield return new Count(DiagnosticNames.Polls, DiagnosticNames.Verdict, Word(assessment.Verdict));
        if (judged.Observations.Count > 0) yield return new Measure(DiagnosticNames.VerdictLatency, entry.At - judged.JudgedUntil);
        if (assessment.Verdict != Verdict.Blind) yield break;
        yield return new Count(DiagnosticNames.BlindPolls, DiagnosticNames.Blind, assessment.Blind is { } cause ? Word(cause) : "unknown");
        if (after is { ExposureBegun: true, IsTerminal: false, Rollback: null })
            yield return new Event(new ReleaseEvent.TelemetryDead(release, judged.Stage + 1, CleanText.Of(assessment.Sentence)));
    }

    private static IEnumerable<DiagnosticFact> LevelDone(ReleaseState before, LedgerEntry entry, LevelEnded level, ReleaseState after, ReleaseTrace trace)
    {
        if (before.Rollback is not { } rollback) yield break;
        List<(string, object)> attributes =
        [
            (DiagnosticNames.Release, trace.Release.Value), (DiagnosticNames.Level, level.Level), (DiagnosticNames.Recovered, level.Recovered),
        ];
        if (level.UndoneAt is { } undone) attributes.Add((DiagnosticNames.UndoneSeconds, Between(level.StartedAt, undone).TotalSeconds));
        yield return new Span(
            DiagnosticNames.LevelSpan, trace, trace.Level(rollback.Levels.Count), trace.Rollback, level.StartedAt, entry.At, level.NotUndone.Count == 0 ? "" : "not everything was undone", attributes);
        if (level is not { Level: 1, UndoneAt: { } off } || rollback.Levels.Any(FlagsOff)) yield break;
        var time = Between(rollback.BreachSeenAt ?? rollback.BegunAt, off);
        yield return new Measure(DiagnosticNames.FlagsOff, time, DiagnosticNames.Cause, CauseOf(after));
        yield return new Event(new ReleaseEvent.RollbackDone(trace.Release, after.Stage + 1, Seconds(time), CleanText.Of(rollback.Reason)));
    }

    private static IEnumerable<DiagnosticFact> Mailed(ReleaseState before, LedgerEntry entry, MessageSent mail, ReleaseId release)
    {
        var earlier = before.Messages.GetValueOrDefault(mail.MessageId);
        if (earlier is { Last.Accepted: true } && !mail.GivenUp) yield break;
        yield return new Count(DiagnosticNames.Mails, DiagnosticNames.Result, mail.Accepted ? "accepted" : mail.GivenUp ? "given_up" : "failed");
        if (earlier is { Last.Accepted: false } && entry.At - earlier.At >= MailDelay.Limit) yield return MailDelay.Of(release, earlier, entry.At);
    }

    private static IEnumerable<DiagnosticFact> StagesEnded(ReleaseState before, ReleaseState after, ReleaseTrace trace)
    {
        var goingBack = before.Rollback is null && after.Rollback is not null;
        if (before.Stages == after.Stages && !goingBack) yield break;
        foreach (var stage in after.Stages)
        {
            if (before.Stages[stage.Index] is not { Status: StageStatus.Active, StartedAt: { } startedAt }) continue;
            var promoted = stage.Status == StageStatus.Completed;
            if (!promoted && !goingBack) continue;
            var end = promoted ? stage.EndedAt ?? after.UpdatedAt : after.Rollback!.BegunAt;
            var outcome = promoted ? "promoted" : "rolled_back";
            var planned = after.Plan.Stages[stage.Index];
            List<(string, object)> attributes =
            [
                (DiagnosticNames.Release, trace.Release.Value), (DiagnosticNames.Stage, stage.Index + 1), (DiagnosticNames.Percentage, (double)planned.Percentage.Value),
                (DiagnosticNames.Environment, planned.Environment + 1), (DiagnosticNames.Outcome, outcome),
            ];
            if (stage.Verdict is { } verdict) attributes.Add((DiagnosticNames.Verdict, Word(verdict)));
            yield return new Span(DiagnosticNames.StageSpan, trace, trace.Stage(stage.Index), trace.Root, startedAt, end, "", attributes);
            yield return new Measure(DiagnosticNames.StageDuration, Between(startedAt, end), DiagnosticNames.Outcome, outcome);
        }
    }

    private static IEnumerable<DiagnosticFact> ReleaseOver(ReleaseState before, LedgerEntry entry, ReleaseState after, ReleaseTrace trace)
    {
        if (before.IsTerminal || !after.IsTerminal) yield break;
        var end = after.EndedAt ?? entry.At;
        var outcome = Word(after.Phase);
        var failed = after.Phase == ReleasePhase.Failed;
        if (before.Rollback is { } rollback)
        {
            List<(string, object)> attributes =
            [
                (DiagnosticNames.Release, trace.Release.Value), (DiagnosticNames.Stage, after.Stage + 1), (DiagnosticNames.Cause, CauseOf(after)), (DiagnosticNames.Outcome, outcome),
            ];
            if (rollback.Finding is { } finding) attributes.Add((DiagnosticNames.Rule, CleanText.Of(finding.Rule)));
            yield return new Span(DiagnosticNames.RollbackSpan, trace, trace.Rollback, trace.Root, rollback.BegunAt, end, failed ? "the release could not be brought back as a whole" : "", attributes);
            if (failed) yield return new Event(new ReleaseEvent.RollbackFailed(trace.Release, after.Stage + 1, CleanText.Of(after.PhaseReason)));
            else if (!rollback.Levels.Any(FlagsOff))
                yield return new Event(new ReleaseEvent.RollbackDone(trace.Release, after.Stage + 1, Seconds(Between(rollback.BreachSeenAt ?? rollback.BegunAt, rollback.RecoveredAt ?? end)), CleanText.Of(rollback.Reason)));
        }

        yield return new Span(
            DiagnosticNames.ReleaseSpan, trace, trace.Root, default, after.CreatedAt, end, failed ? "the release failed" : "",
            [
                (DiagnosticNames.Release, trace.Release.Value), (DiagnosticNames.Outcome, outcome), (DiagnosticNames.Stages, after.Stages.Length), (DiagnosticNames.Risk, Word(after.Plan.Risk)),
                (DiagnosticNames.Workflow, after.Created!.Workflow), (DiagnosticNames.Attempt, after.Created.Attempt),
            ]);
        yield return new Count(DiagnosticNames.Ended, DiagnosticNames.Outcome, outcome);
        yield return new Event(new ReleaseEvent.Ended(trace.Release, outcome, Seconds(Between(after.CreatedAt, end))));
    }

    private static bool FlagsOff(LevelFact level) => level.Result is { Level: 1, UndoneAt: not null };

    private static string CauseOf(ReleaseState state) => state.TakenOver is not null ? "rescue" : state.Rollback is { Automated: true } ? "automatic" : "person";

    /// <summary>Clocks of two hosts may differ: no time is negative.</summary>
    private static TimeSpan Between(DateTimeOffset from, DateTimeOffset to) => to > from ? to - from : TimeSpan.Zero;

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);

    /// <summary>An enumeration's value as dimensions write it.</summary>
    internal static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
