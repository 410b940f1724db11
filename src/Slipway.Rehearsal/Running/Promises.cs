using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Rehearsal.Scenarios;
using Slipway.Rehearsal.World;

namespace Slipway.Rehearsal.Running;

/// <summary>Whether a run kept what a plan promises, whatever happens to it; a sentence for each promise that it broke.</summary>
internal static class Promises
{
    /// <summary>How long applications take to notice that a flag was turned off.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<string> Broken(RehearsalSubject subject, Expectation expected, RehearsalWorld world, ReleaseState state, IReadOnlyList<FlagState> flags) =>
    [
        .. Ending(expected, state),
        .. Safe(world, state, flags),
        .. InTime(subject, world, state),
        .. Exposure(subject, expected, world),
        .. Told(expected, world, state),
    ];

    private static IEnumerable<string> Ending(Expectation expected, ReleaseState state)
    {
        if (!state.IsTerminal) yield return $"it did not end; it is {Word(state.Phase)}: {state.PhaseReason}";
        else if (!expected.Ends.Contains(state.Phase)) yield return $"it ended {Word(state.Phase)}, expected {string.Join(" or ", expected.Ends.Select(Word))}: {state.PhaseReason}";
    }

    /// <summary>Nobody keeps what was taken back, and no flag stays on.</summary>
    private static IEnumerable<string> Safe(RehearsalWorld world, ReleaseState state, IReadOnlyList<FlagState> flags)
    {
        if (!state.IsTerminal || state.Phase == ReleasePhase.Completed) yield break;
        if (world.Fleet.IsExposed) yield return "users still have the new version";
        foreach (var flag in flags.Where(flag => flag.Exposure > Percentage.Zero))
        {
            var named = state.Phase == ReleasePhase.Failed && state.LeftToDo.Any(line => line.Contains(flag.Key.ToString(), StringComparison.Ordinal));
            if (!named) yield return $"flag {flag.Key} is left on at {flag.Exposure}";
        }
    }

    /// <summary>Each level undoes within its own time, and users are safe within that of all levels that ran.</summary>
    private static IEnumerable<string> InTime(RehearsalSubject subject, RehearsalWorld world, ReleaseState state)
    {
        if (state.Rollback is not { } rollback) yield break;
        var budgets = subject.Plan.Levels.ToDictionary(level => level.Level, level => level.Budget);
        foreach (var level in rollback.Levels.Select(fact => fact.Result).Where(level => level.Recovered))
        {
            if (level.UndoneAt is { } undone && undone - level.StartedAt > budgets[level.Level])
                yield return Sentence($"level {level.Level} took {(undone - level.StartedAt).TotalMinutes:0.#} min, promised are {budgets[level.Level].TotalMinutes:0}");
        }

        var promised = TimeSpan.FromMinutes(rollback.Levels.Sum(fact => budgets[fact.Result.Level].TotalMinutes));
        if (SafeAfter(world, rollback.BegunAt) is { } took && took > promised + Refresh)
            yield return Sentence($"users were safe {took.TotalMinutes:0.#} min after the decision, promised are {promised.TotalMinutes:0}");
    }

    /// <summary>How long after the decision to go back nobody had the new version any more; null: somebody still has, or nobody ever had.</summary>
    public static TimeSpan? SafeAfter(RehearsalWorld world, DateTimeOffset decided)
    {
        if (world.Fleet.IsExposed || world.Fleet.Peak == 0) return null;
        var safe = world.Fleet.Applications.Max(application => application.SafeSince) ?? decided;
        return safe > decided ? safe - decided : TimeSpan.Zero;
    }

    /// <summary>Exposure grows to what the stage allows, and in the plan's hours.</summary>
    private static IEnumerable<string> Exposure(RehearsalSubject subject, Expectation expected, RehearsalWorld world)
    {
        var schedule = WindowSchedule.Of(subject.Request, subject.Plan);
        var allowed = Percentage.Zero;
        foreach (var entry in world.Entries)
        {
            if (entry.Type != "phase.entered.v1" || entry.Read() is not PhaseEntered { Phase: ReleasePhase.Shifting } shifting) continue;
            if (subject.Plan.Stages[shifting.Stage].Percentage > allowed) allowed = subject.Plan.Stages[shifting.Stage].Percentage;
            if (shifting.Trigger == ReleaseTrigger.WindowOpen && !schedule.IsOpen(entry.At)) yield return Sentence($"exposure grew at {entry.At.UtcDateTime:yyyy-MM-dd HH:mm}Z, which is {schedule.Why(entry.At)}");
        }

        if (expected.AtMost < allowed) allowed = expected.AtMost.Value;
        if (world.Fleet.Peak > allowed.Fraction + 1e-9) yield return Sentence($"{100 * world.Fleet.Peak:0.##} % of users had the new version, allowed were {allowed}");
    }

    /// <summary>Who heard of the start hears that it was taken back; who is on call hears of what is left; and a hold is no secret.</summary>
    private static IEnumerable<string> Told(Expectation expected, RehearsalWorld world, ReleaseState state)
    {
        var accepted = world.Entries.Where(entry => entry.Type == "message.sent.v1").Select(entry => (entry.At, Sent: entry.Read() as MessageSent)).Where(entry => entry.Sent is { Accepted: true }).ToList();
        if (state.Rollback is { } rollback)
        {
            var after = accepted.Where(entry => entry.At >= rollback.BegunAt).ToList();
            if (after.Count == 0) yield return "nobody was told that it was taken back";
            foreach (var recipient in state.ToldOfStart.Where(recipient => !after.Exists(entry => entry.Sent!.Checkpoint == Checkpoint.Rollback && Same(entry.Sent.Recipient, recipient))))
                yield return $"{recipient} was told of the start and not that it was taken back";
            if (state.Phase == ReleasePhase.Failed && !after.Exists(entry => state.Request.Contacts.OnCall.Any(contact => Same(contact, entry.Sent!.Recipient))))
                yield return "nobody on call was told what is left to do";
        }

        if (expected.TellsOfHold && !accepted.Exists(entry => entry.Sent!.Checkpoint is Checkpoint.Pause or Checkpoint.Breach)) yield return "nobody was told that it is held";
        if (state.Phase == ReleasePhase.Completed)
        {
            foreach (var one in state.Request.Communications.Stakeholders.Where(one => one.Hears(Checkpoint.Done) && !accepted.Exists(entry => entry.Sent!.Checkpoint == Checkpoint.Done && Same(entry.Sent.Recipient, one.Email))))
                yield return $"{one.Email} was not told that it is done";
        }
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    internal static string Word(ReleasePhase phase) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(phase.ToString());

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
