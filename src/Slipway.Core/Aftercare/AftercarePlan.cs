using System.Text.Json.Serialization;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Core.Aftercare;

/// <summary>The moments at which somebody looks back at a release that is over.</summary>
public enum AftercareStep
{
    /// <summary>An hour after the end.</summary>
    FirstHour,

    /// <summary>A day after the end.</summary>
    FirstDay,

    /// <summary>Two days after the end.</summary>
    SecondDay,

    /// <summary>A week after the end.</summary>
    FirstWeek,
}

/// <summary>One thing that a person does then.</summary>
/// <param name="Action">What, in one sentence without a full stop.</param>
/// <param name="Owner">Who.</param>
public sealed record AftercareTask(string Action, string Owner)
{
    /// <summary>The word by which a person ticks it off, one of <see cref="OpenTasks"/>'; null: it needs no answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }
}

/// <summary>One of the moments, with what is to be done.</summary>
/// <param name="Step">Which.</param>
/// <param name="DueAt">When.</param>
/// <param name="Tasks">What; never empty.</param>
public sealed record AftercareCheckpoint(AftercareStep Step, DateTimeOffset DueAt, IReadOnlyList<AftercareTask> Tasks)
{
    /// <summary>For subjects and lists.</summary>
    public string Title => Step switch
    {
        AftercareStep.FirstHour => "Review of the first hour",
        AftercareStep.FirstDay => "Review of the first day",
        AftercareStep.SecondDay => "Review of the second day",
        _ => "Review of the first week",
    };
}

/// <summary>
/// What follows a release that is over; pure. After a completed one: reviews at one hour, a day, two days and a week, where the feature record
/// is closed. After users were taken back: that it stays so, the incident report within a day, the postmortem within two. A release that
/// never exposed anybody has nothing to look back at.
/// </summary>
public static class AftercarePlan
{
    /// <summary>The moments, in order; empty: none, also while the release runs.</summary>
    public static IReadOnlyList<AftercareCheckpoint> Of(ReleaseState state)
    {
        if (state is not { IsTerminal: true, EndedAt: { } end, ExposureBegun: true }) return [];
        var request = state.Request;
        var owner = First(request.Contacts.Primary, request.Release.RequestedBy, state.Created!.StartedBy, "the release's owner");
        var second = First(request.Contacts.Secondary, owner);
        var requester = First(request.Release.RequestedBy, owner);
        return state.Phase == ReleasePhase.Completed
            ?
            [
                At(
                    AftercareStep.FirstHour,
                    end,
                    [
                        new("Verify that error rate, latency and business metrics still meet their limits one hour after the end", owner),
                        new("Review the logs for errors that are new", owner),
                        .. Attachment(state, owner),
                        .. Verification(state, owner),
                    ]),
                At(
                    AftercareStep.FirstDay,
                    end,
                    owner,
                    "Review the first day: all metrics, alerts, complaints and capacity",
                    "Document issues and surprises, and update the runbook with what was learned",
                    "Schedule the postmortem meeting, also after a success"),
                At(AftercareStep.SecondDay, end, second, "Review the second day and confirm that nothing is left to watch"),
                At(AftercareStep.FirstWeek, end, [new(Close(state), requester), Learning(state, requester)]),
            ]
            :
            [
                At(AftercareStep.FirstHour, end, owner, "Check that flags, smoke checks and metrics are still as before the release"),
                At(
                    AftercareStep.FirstDay,
                    end,
                    owner,
                    "Document the issue in an incident report; the ledger has the timeline",
                    "End the day of watching after the rollback when metrics are as before"),
                At(AftercareStep.SecondDay, end, second, "Hold the postmortem meeting, at the latest now"),
            ];
    }

    /// <summary>The next moment that is not reached yet; null when there is none.</summary>
    public static AftercareCheckpoint? Next(ReleaseState state) =>
        state.Aftercare is { EndedAt: null } care ? Of(state).FirstOrDefault(checkpoint => !care.Reached.Contains(checkpoint.Step)) : null;

    /// <summary>Whether aftercare has to be started: something is to be done, and nothing has begun it.</summary>
    public static bool IsMissing(ReleaseState state) => state.Aftercare is null && Of(state).Count > 0;

    private static IEnumerable<AftercareTask> Attachment(ReleaseState state, string owner)
    {
        if (state.Request is { Communications.TicketWebhook: null, Release.Ticket: { Length: > 0 } ticket })
            yield return new AftercareTask($"Attach the deployment manifest to {ticket}", owner);
    }

    private static IEnumerable<AftercareTask> Verification(ReleaseState state, string owner)
    {
        if (state.Request.System?.CriticalFlows is { Count: > 0 } flows)
            yield return new AftercareTask($"Verify by hand in production: {string.Join(", ", flows)}; then slipway report {state.Plan.ReleaseId} done --task {OpenTasks.Verify}", owner) { Key = OpenTasks.Verify };
    }

    private static AftercareTask Learning(ReleaseState state, string owner) =>
        new($"Hold the review after the deployment and record the lessons learned with slipway report {state.Plan.ReleaseId} lesson --text", owner) { Key = OpenTasks.Lessons };

    private static string Close(ReleaseState state)
    {
        var flags = string.Join(", ", state.Plan.Flags.Select(flag => flag.Key));
        return flags.Length > 0
            ? $"Close the feature record after one stable week and remove what is no longer needed: {flags}"
            : "Close the feature record after one stable week";
    }

    private static AftercareCheckpoint At(AftercareStep step, DateTimeOffset end, string owner, params IReadOnlyList<string> actions) =>
        At(step, end, [.. actions.Select(action => new AftercareTask(action, owner))]);

    private static AftercareCheckpoint At(AftercareStep step, DateTimeOffset end, IReadOnlyList<AftercareTask> tasks) => new(step, end + After(step), tasks);

    private static TimeSpan After(AftercareStep step) => step switch
    {
        AftercareStep.FirstHour => TimeSpan.FromHours(1),
        AftercareStep.FirstDay => TimeSpan.FromHours(24),
        AftercareStep.SecondDay => TimeSpan.FromHours(48),
        _ => TimeSpan.FromDays(7),
    };

    private static string First(params IReadOnlyList<string> names) => names.First(name => !string.IsNullOrWhiteSpace(name));
}
