using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;

namespace Slipway.Core.Rescue;

/// <summary>What an engine says of a release's orchestration.</summary>
public enum OrchestrationPulse
{
    /// <summary>The engine does not know it.</summary>
    Missing,

    /// <summary>It is scheduled or running.</summary>
    Running,

    /// <summary>It ended by itself.</summary>
    Ended,

    /// <summary>It failed, or the present code cannot continue it.</summary>
    Failed,
}

/// <summary>What to do about a release that may have nobody who takes care of it.</summary>
public abstract record RescueStep
{
    /// <summary>Nothing.</summary>
    public sealed record Leave : RescueStep;

    /// <summary>Wake the orchestration, and look again a sweep later.</summary>
    /// <param name="SilentSince">When it last gave a sign.</param>
    /// <param name="Why">What is wrong, in one sentence.</param>
    public sealed record WakeFirst(DateTimeOffset SilentSince, string Why) : RescueStep;

    /// <summary>Record that the rescue takes the release over, and start it.</summary>
    /// <param name="Why">What is dead, in one sentence.</param>
    public sealed record TakeOver(string Why) : RescueStep;

    /// <summary>Record that the release is over: nobody runs it any more, and nobody was exposed.</summary>
    /// <param name="Why">What is dead, in one sentence.</param>
    public sealed record Close(string Why) : RescueStep;

    /// <summary>It was taken over already: make sure that the rescue is started.</summary>
    public sealed record GoOn : RescueStep;
}

/// <summary>
/// The dead-man's switch. An exposed release is taken over when no orchestration runs for it, or when one runs that judged nothing for
/// <see cref="SilenceLimit"/> and stayed silent after it was woken: lost sight is judged too, so that silence means that nobody looks. A
/// running one that has said that its watch fails treats that as the request says for lost sight, and gets the time for it; held, it waits
/// for a person. One that rolls back already is left alone. A release whose orchestration died before anyone was exposed is closed as failed,
/// since every release reaches an end.
/// </summary>
public static class RescueDecision
{
    /// <summary>The alert that says that a silent orchestration was woken.</summary>
    public const string SilenceAlert = "orchestration silent";

    /// <summary>How long a silent orchestration has after it was woken; a little under the minute between two sweeps, which are never exact.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(50);

    private static readonly TimeSpan ShortestLimit = TimeSpan.FromMinutes(10);

    /// <summary>How long an exposed release may go without a judged interval: max(10 min, 5 polls + ingestion delay).</summary>
    public static TimeSpan SilenceLimit(WatchPlan watch)
    {
        var polls = (watch.Interval * 5) + watch.IngestionDelay;
        return polls > ShortestLimit ? polls : ShortestLimit;
    }

    /// <summary>Decides.</summary>
    /// <param name="state">The release by its ledger, read after <paramref name="pulse"/>: an orchestration that ended has recorded its end.</param>
    /// <param name="pulse">Its orchestration.</param>
    /// <param name="now">The time.</param>
    public static RescueStep Decide(ReleaseState state, OrchestrationPulse pulse, DateTimeOffset now)
    {
        if (state.IsTerminal) return new RescueStep.Leave();
        if (!state.ExposureBegun || state.Captured is null)
        {
            return pulse is OrchestrationPulse.Failed or OrchestrationPulse.Ended
                ? new RescueStep.Close($"the orchestration {Word(pulse)} before any user was exposed")
                : new RescueStep.Leave();
        }

        if (state.TakenOver is not null) return new RescueStep.GoOn();
        if (pulse != OrchestrationPulse.Running) return new RescueStep.TakeOver($"the orchestration {Word(pulse)} while users may be exposed ({Exposed(state)})");
        if (state.Phase == ReleasePhase.RollingBack) return new RescueStep.Leave();

        // Each move of the release is a sign of life too: the clock starts anew at a resume, and before the first judged interval.
        // Nobody is exposed yet in an environment whose first shift has not begun, and nobody watches it: those before it are what shows life.
        var judgedAt = state.Watched.Contains(state.Environment) ? state.JudgedAt : state.JudgedAnywhereAt;
        var since = judgedAt is { } judged && judged > state.PhaseSince ? judged : state.PhaseSince;
        var told = state.Alerts.TryGetValue(AlertNames.WatchFails, out var failing) && failing.At >= since;
        if (told && state.Phase == ReleasePhase.Paused) return new RescueStep.Leave();
        if (now - since < SilenceLimit(state.Plan.Watch) + (told ? state.Plan.Watch.BlindHold : TimeSpan.Zero)) return new RescueStep.Leave();
        var why = $"nothing was judged since {since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z while {Exposed(state)} of users are exposed";
        if (!state.Alerts.TryGetValue(SilenceAlert, out var alert) || alert.At < since) return new RescueStep.WakeFirst(since, why);
        return now - alert.At < Grace ? new RescueStep.Leave() : new RescueStep.TakeOver($"{why}, and waking the orchestration did not help");
    }

    private static string Exposed(ReleaseState state) => $"{state.Exposure}{state.Plan.In(state.Plan.EnvironmentOf(state.Stage))}";

    private static string Word(OrchestrationPulse pulse) => pulse switch
    {
        OrchestrationPulse.Missing => "is gone",
        OrchestrationPulse.Ended => "ended",
        _ => "failed",
    };
}
