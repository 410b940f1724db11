using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Core.Outlook;

/// <summary>A command that a person can give now, with what it would cause. Pure.</summary>
/// <param name="Kind">The command.</param>
/// <param name="Word">Its word on the command line and in the API.</param>
/// <param name="Label">Its label.</param>
/// <param name="Consequence">What happens to whom, in one sentence.</param>
/// <param name="Severe">Whether the release's id has to be typed: it changes what users have, or ends the release.</param>
public sealed record CommandChoice(ReleaseCommandKind Kind, string Word, string Label, string Consequence, bool Severe)
{
    /// <summary>The commands that do something now, the way back first; empty once the release is over.</summary>
    public static IReadOnlyList<CommandChoice> Of(ReleaseState state) =>
        [.. Order.Select(kind => Of(state, kind)).OfType<CommandChoice>()];

    /// <summary>One command; null: it does nothing now.</summary>
    public static CommandChoice? Of(ReleaseState state, ReleaseCommandKind kind)
    {
        if (!Does(state, kind)) return null;
        return kind switch
        {
            ReleaseCommandKind.RollBack => new(kind, "rollback", "Roll back", Back(state), true),
            ReleaseCommandKind.Pause => new(kind, "pause", "Pause", $"It is held at {Share(state)}: exposure does not grow, and what is exposed stays watched and is still rolled back on a breach.", false),
            ReleaseCommandKind.Resume => new(kind, "resume", "Resume", $"It goes on at {Share(state)} from where it was held.", false),
            ReleaseCommandKind.Promote => new(kind, "promote", "Promote now", Promotion(state), true),
            ReleaseCommandKind.Extend => new(kind, "extend", "Extend the bake", $"It stays at {Share(state)} longer before it is decided about; a breach still rolls it back at once.", false),
            ReleaseCommandKind.Abort => new(kind, "abort", "Abort", state.Machine.Exposed ? Back(state) : "No user has seen anything; the release ends as failed, which never changes.", true),
            _ => new(kind, "acknowledge", state.OpenPages.Any() ? "Acknowledge the page" : "Acknowledge undelivered notices",
                state.OpenPages.Any() ? "Those on call are not paged further about it; the release goes on as it would." : "The release ends although notices were not accepted; who was not told stands in its report.", false),
        };
    }

    private static readonly ReleaseCommandKind[] Order =
    [
        ReleaseCommandKind.RollBack, ReleaseCommandKind.Pause, ReleaseCommandKind.Resume, ReleaseCommandKind.Promote, ReleaseCommandKind.Extend,
        ReleaseCommandKind.AcknowledgeNotices, ReleaseCommandKind.Abort,
    ];

    private static bool Does(ReleaseState state, ReleaseCommandKind kind)
    {
        if (state.IsTerminal) return false;
        var last = state.Stage >= state.Plan.Stages.Count - 1;
        return kind switch
        {
            ReleaseCommandKind.AcknowledgeNotices => state.OpenPages.Any() || (state.Machine.Effective == ReleasePhase.Concluding && state.DueMessages.Any()),
            // Before anybody is exposed there is nothing to bring back, and abort says what happens; after that both are the same.
            ReleaseCommandKind.RollBack => state.Machine.Exposed && state.Phase != ReleasePhase.RollingBack,
            ReleaseCommandKind.Abort => !state.Machine.Exposed,
            ReleaseCommandKind.Resume when state.OpenEvaluations.Any() => false,
            _ => ReleaseMachine.TriggerOf(kind) is { } trigger && ReleaseMachine.Next(state.Machine, trigger, last) is not null,
        };
    }

    private static string Share(ReleaseState state) => $"{state.Exposure} of users";

    private static string Back(ReleaseState state)
    {
        var previous = state.Request.Rollback?.Code?.PreviousVersion is { Length: > 0 } version ? version
            : state.Request.Release.FromVersion is { Length: > 0 } from ? from
            : "the version before";
        var flags = state.Captured?.Flags.Count ?? 0;
        return string.Create(CultureInfo.InvariantCulture,
            $"{Share(state)} return to {previous}: {(flags == 1 ? "the flag goes" : $"{flags} flags go")} back to how {(flags == 1 ? "it was" : "they were")} before, is read back, and everyone who was told of the start is told. It cannot be undone; a new attempt is a release of its own.");
    }

    private static string Promotion(ReleaseState state)
    {
        var next = state.Stage + 1 < state.Plan.Stages.Count ? state.Plan.Stages[state.Stage + 1].Percentage.ToString() : null;
        var evidence = state.Assessment is { } assessment ? $" The evidence so far: {assessment.Verdict.ToString().ToLowerInvariant()}." : " Nothing was judged yet.";
        return next is null
            ? $"The last bake ends now and the last checks follow; everybody keeps the new version.{evidence}"
            : $"The bake ends now and exposure grows from {state.Exposure} to {next} of users, in your name instead of by the evidence.{evidence}";
    }
}
