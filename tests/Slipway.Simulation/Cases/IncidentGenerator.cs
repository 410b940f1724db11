using Slipway.Core.Releases;
using Slipway.Embedded.Faults;

namespace Slipway.Simulation.Cases;

/// <summary>Draws what happens.</summary>
internal static class IncidentGenerator
{
    /// <summary>Every call of anything: the network, or the machine, is slow.</summary>
    public const string Everything = "everything";

    /// <summary>Every call of a ledger that the engine makes.</summary>
    private const string Ledger = "ledger";

    /// <summary>The first entry of a release, which is made before anything else of it.</summary>
    public const string LedgerCreation = "ledger.create";

    /// <summary>Calls that have no faulty adapter of their own.</summary>
    private static readonly string[] Stores = ["ledger.append", "ledger.read", "locks", "freezes"];

    private static readonly ReleasePhase[] Phases =
    [
        ReleasePhase.Received, ReleasePhase.Preflight, ReleasePhase.Approving, ReleasePhase.Waiting, ReleasePhase.Capturing, ReleasePhase.Shifting, ReleasePhase.Shifting,
        ReleasePhase.Propagating, ReleasePhase.Baking, ReleasePhase.Baking, ReleasePhase.Paused, ReleasePhase.Validating, ReleasePhase.Concluding, ReleasePhase.RollingBack, ReleasePhase.RollingBack,
    ];

    /// <summary>Calls with a faulty adapter of their own. The list of flags is left to the desk, which stands still while time goes by.</summary>
    public static readonly IReadOnlyList<string> Adapters = [.. FaultOperations.Effects.Keys.Except([FaultOperations.CohortRead, FaultOperations.FlagList])];

    private static readonly string[] Operations = [.. Adapters, .. Stores];

    /// <summary>A ledger that is slow is slow to read and to write.</summary>
    private static readonly string[] SlowOperations =
        [.. Operations.Except(["ledger.read"]).Select(operation => operation switch { "ledger.append" => Ledger, FaultOperations.Probe => Everything, _ => operation })];

    /// <summary>What is kept in replicas; the ledger, locks and freezes are read from where they are written.</summary>
    public static readonly IReadOnlyList<string> StaleOperations = [FaultOperations.MetricRead, FaultOperations.FlagRead, FaultOperations.FlagRead, FaultOperations.ConfigurationRead];

    /// <summary>Calls that change something outside of the process.</summary>
    public static readonly IReadOnlyList<string> Effects = [FaultOperations.FlagSet, FaultOperations.FlagRestore, FaultOperations.ConfigurationWrite, FaultOperations.Hook, FaultOperations.Mail, FaultOperations.Webhook, "ledger.append", "locks"];

    private static readonly TimeSpan[] Delays =
        [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(31), TimeSpan.FromSeconds(61), TimeSpan.FromMinutes(4)];

    /// <summary>Whether calls are of a store that has no faulty adapter of its own.</summary>
    public static bool AreOfStore(string operation) => operation is Ledger or LedgerCreation or Everything || Stores.Contains(operation);

    /// <summary>One incident.</summary>
    public static Incident Draw(Dice dice, int releases)
    {
        var incident = Of(dice.Below(20) switch
        {
            0 or 1 or 2 => IncidentKind.Unavailable,
            3 => IncidentKind.Conflict,
            4 or 5 => IncidentKind.Slow,
            6 => IncidentKind.AnswerLost,
            7 => IncidentKind.Empty,
            8 => dice.Chance(0.5) ? IncidentKind.Stale : IncidentKind.Twice,
            9 => IncidentKind.CrashBefore,
            10 => IncidentKind.CrashAfter,
            11 => dice.Chance(0.5) ? IncidentKind.CrashBeforeCommit : IncidentKind.CrashAfterCommit,
            12 => dice.Pick(IncidentKind.SignalsLost, IncidentKind.SignalsLate, IncidentKind.SignalsTwice),
            13 => dice.Pick(IncidentKind.DiskFull, IncidentKind.Suspended),
            14 => IncidentKind.Drift,
            15 or 16 or 17 or 18 => IncidentKind.Command,
            _ => dice.Pick(IncidentKind.Freeze, IncidentKind.Retry),
        }, dice);
        return incident with
        {
            Phase = incident.Kind == IncidentKind.Retry ? ReleasePhase.RollingBack : dice.Pick(Phases),
            Entering = incident.Kind == IncidentKind.Retry || dice.Chance(0.6) ? 1 : dice.Between(2, 4),
            After = incident.Kind == IncidentKind.Retry ? TimeSpan.FromMinutes(dice.Between(5, 90)) : dice.Chance(0.4) ? TimeSpan.Zero : dice.Span(TimeSpan.FromMinutes(40)),
            Release = dice.Below(releases),
        };
    }

    /// <summary>What may happen beside: of it a run has at most one of each.</summary>
    public static IEnumerable<Incident> DrawMore(Dice dice, int releases)
    {
        if (dice.Chance(0.3)) yield return More(new Incident { Kind = IncidentKind.KeyDrift, Phase = ReleasePhase.Received });
        if (dice.Chance(0.2)) yield return More(new Incident { Kind = IncidentKind.Report, Phase = ReleasePhase.Received, Signal = dice.Pick(Enum.GetValues<ReleaseSignalKind>()[..5]), Count = dice.Between(1, 15) });

        Incident More(Incident incident) => incident with { Phase = dice.Pick(Phases), After = dice.Span(TimeSpan.FromMinutes(40)), Release = dice.Below(releases) };
    }

    /// <summary>What may happen when a release is sent, and to its locks; drawn from a stream of its own again.</summary>
    public static IEnumerable<Incident> DrawRare(Dice dice, int releases)
    {
        if (dice.Chance(0.1))
        {
            var kind = dice.Pick(IncidentKind.Unavailable, IncidentKind.AnswerLost, IncidentKind.Twice, IncidentKind.CrashBefore, IncidentKind.CrashAfter);
            var crash = kind is IncidentKind.CrashBefore or IncidentKind.CrashAfter;
            yield return new Incident
            {
                Kind = kind,
                Phase = ReleasePhase.Received,
                Entering = 0,
                Operation = LedgerCreation,
                Skip = dice.Below(releases),
                Calls = crash ? 1 : dice.Between(1, 3),
                For = crash ? Downtime(dice) : TimeSpan.FromDays(1),
            };
        }

        // By force only where nobody waits for the lock: what two releases do to one flag then is what the operator was warned of.
        if (dice.Chance(0.1))
        {
            yield return new Incident
            {
                Kind = IncidentKind.Unlock,
                Phase = dice.Pick(Phases),
                After = dice.Chance(0.5) ? TimeSpan.Zero : dice.Span(TimeSpan.FromMinutes(40)),
                Release = dice.Below(releases),
                Count = releases == 1 && dice.Chance(0.5) ? 1 : 0,
            };
        }
    }

    private static Incident Of(IncidentKind kind, Dice dice)
    {
        var incident = new Incident { Kind = kind, Phase = ReleasePhase.Received };
        return kind switch
        {
            IncidentKind.Unavailable => Some(incident with { Operation = dice.Pick(Operations) }, dice),
            IncidentKind.Slow => Some(incident with { Operation = dice.Pick(SlowOperations), Delay = dice.Pick(Delays) }, dice),
            IncidentKind.AnswerLost => Some(incident with { Operation = dice.Pick(Effects) }, dice),
            IncidentKind.Conflict => Some(incident with { Operation = dice.Pick(FaultOperations.FlagSet, FaultOperations.FlagRestore, FaultOperations.ConfigurationWrite) }, dice),
            IncidentKind.Empty => Some(incident with { Operation = FaultOperations.MetricRead }, dice),
            IncidentKind.Stale => Some(incident with { Operation = dice.Pick(StaleOperations) }, dice),
            IncidentKind.Twice => Some(incident with { Operation = dice.Pick(Effects) }, dice),
            IncidentKind.CrashBefore or IncidentKind.CrashAfter => incident with { Operation = dice.Pick(Effects), Skip = dice.Below(4), Calls = 1, For = Downtime(dice) },
            IncidentKind.CrashBeforeCommit or IncidentKind.CrashAfterCommit => incident with { Skip = dice.Below(12), Calls = dice.Chance(0.7) ? 1 : dice.Between(2, 30), For = Downtime(dice) },
            IncidentKind.SignalsLate => incident with { Delay = dice.Pick(Delays), For = dice.Span(TimeSpan.FromMinutes(30)) },
            IncidentKind.Drift => incident with { Exposure = dice.Chance(0.7) ? 0 : dice.Between(1, 100) },
            IncidentKind.Command => incident with { Command = dice.Pick(Enum.GetValues<ReleaseCommandKind>()) },
            IncidentKind.DiskFull => incident with { For = TimeSpan.FromSeconds(dice.Between(1, 240)) },
            IncidentKind.Suspended => incident with { For = dice.Span(TimeSpan.FromHours(2)) },
            IncidentKind.Freeze => incident with { For = TimeSpan.FromMinutes(dice.Between(1, 180)) },
            IncidentKind.Retry => incident,
            _ => incident with { For = TimeSpan.FromSeconds(1) + dice.Span(TimeSpan.FromMinutes(30)) },
        };
    }

    /// <summary>A few calls, or all of a time.</summary>
    private static Incident Some(Incident incident, Dice dice) => dice.Chance(0.6)
        ? incident with { Skip = dice.Below(4), Calls = dice.Between(1, 4), For = TimeSpan.FromHours(4) }
        : incident with { For = TimeSpan.FromSeconds(5) + dice.Span(TimeSpan.FromMinutes(40)) };

    private static TimeSpan Downtime(Dice dice) => dice.Chance(0.6) ? TimeSpan.Zero : dice.Span(TimeSpan.FromMinutes(30));
}
