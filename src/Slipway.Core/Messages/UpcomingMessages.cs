using System.Globalization;
using Slipway.Core.Aftercare;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Messages;

/// <summary>A message that is still to come, as it would be.</summary>
/// <param name="When">When it is sent, in words.</param>
/// <param name="Facts">What it would say, with the numbers and moments of now where its own are not known.</param>
/// <param name="Asks">Whether it has an approval link of the recipient's own.</param>
/// <param name="Recipients">Who would get it: addresses and names of webhooks.</param>
public sealed record UpcomingMessage(string When, MessageFacts Facts, bool Asks, IReadOnlyList<string> Recipients);

/// <summary>The messages of a release for checkpoints to come, in the order in which they come, then those that it hopes never to send. Pure.</summary>
public static class UpcomingMessages
{
    private const string Unknown = "what was found, with its numbers";

    /// <summary>What is still to come; empty when nothing is.</summary>
    /// <param name="state">The release.</param>
    /// <param name="now">The moment to say it for.</param>
    public static IReadOnlyList<UpcomingMessage> Of(ReleaseState state, DateTimeOffset now) => [.. Course(state, now), .. Reviews(state, now), .. Troubles(state, now)];

    private static IEnumerable<UpcomingMessage> Course(ReleaseState state, DateTimeOffset now)
    {
        if (state.IsTerminal || state.Rollback is not null) yield break;
        var (request, plan) = (state.Request, state.Plan);
        if (request.Release.StartAt is { } start && start > now && !Told(state, Checkpoint.Notice))
        {
            var due = start - AdvanceNotice.Ahead;
            yield return To(state, $"at {People(due > now ? due : now)}", Facts(state, now, Checkpoint.Notice, AdvanceNotice.Headline(request, start), AdvanceNotice.Details(request, plan, start), Percentage.Zero));
        }

        foreach (var reminder in Reminders(state, now)) yield return reminder;
        foreach (var asked in Asked(state, now, -1)) yield return asked;
        if (!Told(state, Checkpoint.Start))
            yield return To(state, "when it starts", Facts(state, now, Checkpoint.Start, MessageWords.Started, MessageWords.StartDetails(request, plan), Percentage.Zero));
        for (var stage = Math.Max(0, state.Stages.Count(one => one.StartedAt is not null)); stage < plan.Stages.Count; stage++)
        {
            foreach (var asked in Asked(state, now, stage)) yield return asked;
            var headline = MessageWords.Stage(plan, stage, plan.In(plan.EnvironmentOf(stage)));
            yield return To(state, "when its exposure is read back", Facts(state, now, Checkpoint.Stage, headline, $"judged for at least {DurationText.Format(plan.Stages[stage].Bake)}", plan.Stages[stage].Percentage));
        }

        if (!Told(state, Checkpoint.Done))
            yield return To(state, "when all stages passed", Facts(state, now, Checkpoint.Done, MessageWords.Completed, MessageWords.CompletedDetails(plan), Percentage.Full));
    }

    private static IEnumerable<UpcomingMessage> Asked(ReleaseState state, DateTimeOffset now, int stage) => (state.Created?.Approvals ?? [])
        .Where(gate => gate.Stage == stage && !state.Approvals.ContainsKey(gate.Id))
        .Select(gate => Ask(state, now, gate, $"before {(stage < 0 ? "the start" : $"stage {stage + 1}")}", "Approval needed", "the evidence so far, in one sentence", 0, [.. gate.Eligible()], now + gate.Timeout));

    private static IEnumerable<UpcomingMessage> Reminders(ReleaseState state, DateTimeOffset now)
    {
        foreach (var fact in state.OpenApprovals)
        {
            if (ApprovalTally.Decide(fact.Asked, [.. fact.Decisions.Select(one => one.Received)], now).Verdict is not ApprovalVerdict.Pending { NextReminder: { } next } pending) continue;
            var gate = fact.Asked.Gate;
            yield return Ask(
                state, now, gate, $"at {People(next)}, to who has not answered", "Reminder, approval needed", fact.Evidence,
                gate.Eligible().Count() - pending.Silent.Count, pending.Silent, fact.Asked.Deadline);
        }
    }

    private static UpcomingMessage Ask(
        ReleaseState state, DateTimeOffset now, ApprovalGate gate, string when, string headline, string evidence, int approved, IReadOnlyList<string> people, DateTimeOffset deadline)
    {
        var askedBy = state.Request.Release.RequestedBy is { Length: > 0 } name ? name : state.Created?.StartedBy ?? "";
        var details = MessageWords.AskedDetails(gate, state.Request, evidence, approved, askedBy, state.Exposure, "");
        var facts = Facts(state, now, Checkpoint.Approval, MessageWords.Asked(gate, headline), details, state.Exposure) with { Next = MessageWords.AskedNext(deadline) };
        return new UpcomingMessage(when, facts, true, people);
    }

    private static IEnumerable<UpcomingMessage> Reviews(ReleaseState state, DateTimeOffset now)
    {
        if (state.Rollback is not null && !state.IsTerminal) return [];
        // Before the end, the reviews are those of a release that completes now.
        var ended = state.IsTerminal ? state : state with { Phase = ReleasePhase.Completed, EndedAt = now, ExposureBegun = true };
        return AftercarePlan.Of(ended)
            .Where(checkpoint => state.Aftercare?.Reached.Contains(checkpoint.Step) != true)
            .Select(checkpoint =>
            {
                var facts = Facts(state, now, Checkpoint.Review, MessageWords.Review(checkpoint, ended.Phase), MessageWords.ReviewDetails(checkpoint), state.IsTerminal ? state.Exposure : Percentage.Full);
                var owners = checkpoint.Tasks.Select(task => task.Owner).Where(owner => owner.Contains('@', StringComparison.Ordinal));
                var told = To(state, state.IsTerminal ? $"at {People(checkpoint.DueAt)}" : $"{DurationText.Format(checkpoint.DueAt - now)} after the end", facts);
                return told with { Recipients = [.. owners.Concat(told.Recipients).Distinct(StringComparer.OrdinalIgnoreCase)] };
            });
    }

    private static IEnumerable<UpcomingMessage> Troubles(ReleaseState state, DateTimeOffset now)
    {
        if (state.IsTerminal) yield break;
        if (state.Rollback is null)
        {
            yield return To(state, "only if it is held or telemetry is blind", Facts(state, now, Checkpoint.Pause, $"Held at {state.Exposure}", Unknown, state.Exposure));
            yield return To(state, "only if a limit is crossed", Facts(state, now, Checkpoint.Breach, MessageWords.Breach, Unknown, state.Exposure));
            yield return To(state, "only if it is rolled back", Facts(state, now, Checkpoint.Rollback, MessageWords.RollbackBegun, Unknown, state.Exposure));
        }

        var end = Facts(state, now, Checkpoint.Rollback, MessageWords.RolledBack, state.Rollback?.Reason ?? Unknown, Percentage.Zero);
        IReadOnlyList<string> toldOfStart = [.. state.ToldOfStart];
        if (toldOfStart.Count > 0)
            yield return new UpcomingMessage("when a rollback has ended, to exactly those who were told of the start", Retraction.Of(end, state.Request.Release.Version), false, toldOfStart);
        var others = To(state, "when a rollback has ended", end);
        others = others with { Recipients = [.. others.Recipients.Except(toldOfStart, StringComparer.OrdinalIgnoreCase)] };
        if (others.Recipients.Count > 0) yield return others;
    }

    private static UpcomingMessage To(ReleaseState state, string when, MessageFacts facts)
    {
        var communications = state.Request.Communications;
        return new UpcomingMessage(when, facts, false,
        [
            .. communications.Stakeholders.Where(person => person.Hears(facts.Checkpoint)).Select(person => person.Email),
            .. communications.Webhooks.Where(webhook => webhook.Hears(facts.Checkpoint)).Select(webhook => webhook.Name),
        ]);
    }

    private static MessageFacts Facts(ReleaseState state, DateTimeOffset now, Checkpoint checkpoint, string headline, string details, Percentage exposure) => new()
    {
        ReleaseId = state.Plan.ReleaseId.Value,
        Title = state.Request.Release.Title,
        Version = state.Request.Release.Version,
        Checkpoint = checkpoint,
        Headline = headline,
        Details = details,
        Percentage = exposure.Value,
        At = now,
        Url = $"{state.Created?.BaseUrl}/releases/{state.Plan.ReleaseId}",
    };

    private static bool Told(ReleaseState state, Checkpoint checkpoint) => state.Messages.Values.Any(message => message.Last.Checkpoint == checkpoint);

    private static string People(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
