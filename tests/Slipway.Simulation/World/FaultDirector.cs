using Slipway.Core.Releases;
using Slipway.Embedded.Faults;
using Slipway.Simulation.Cases;

namespace Slipway.Simulation.World;

/// <summary>
/// Says what happens when: follows the phases of the releases, and from the moment that an incident names lets it happen to the calls that it
/// names, or to the world. Keeps what happened, and during which times something kept the engine itself from working.
/// </summary>
internal sealed class FaultDirector
{
    /// <summary>So long after the engine was disturbed what it owes may still be late: the sweeper finds it within a minute, and effects under way end.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time;
    private readonly List<Planned> _planned;
    private readonly Dictionary<ReleasePhase, int> _entered = [];
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _disturbances = [];

    public FaultDirector(SimulationCase run, TimeProvider time)
    {
        _time = time;
        _planned = [.. run.Incidents.Select(incident => new Planned(incident) { From = incident.Entering == 0 ? time.GetUtcNow() : null })];
    }

    /// <summary>Told of a moment at which somebody acts.</summary>
    public Action<DateTimeOffset> OnAct { get; set; } = _ => { };

    /// <summary>What reads answered, whichever process asked.</summary>
    public PastAnswers Past { get; } = new();

    /// <summary>How often each kind happened.</summary>
    public Dictionary<IncidentKind, int> Happened { get; } = [];

    /// <summary>What happened last.</summary>
    public IncidentKind Last { get; private set; }

    /// <summary>A release entered a phase.</summary>
    public void Entered(ReleasePhase phase)
    {
        var times = _entered[phase] = _entered.GetValueOrDefault(phase) + 1;
        foreach (var planned in _planned)
        {
            if (planned.From is not null || planned.Incident.Phase != phase || planned.Incident.Entering != times) continue;
            planned.From = _time.GetUtcNow() + planned.Incident.After;
            if (planned.Incident.IsAct) OnAct(planned.From.Value);
        }
    }

    /// <summary>Whether a kind of incident happens to this call, which is counted.</summary>
    public Incident? Takes(IncidentKind kind, string operation)
    {
        var now = _time.GetUtcNow();
        foreach (var planned in _planned)
        {
            var incident = planned.Incident;
            if (incident.Kind != kind || !incident.Concerns(operation) || planned.From is not { } from || now < from) continue;

            // A crash waits for its call; anything else is over after its time.
            if (!IsCrash(kind) && now >= from + incident.For) continue;
            if (planned.Seen++ < incident.Skip || planned.Taken >= incident.Calls) continue;
            planned.Taken++;
            Happens(incident);
            return incident;
        }

        return null;
    }

    /// <summary>The acts that are due now, once each.</summary>
    public IEnumerable<Incident> TakeActs()
    {
        var now = _time.GetUtcNow();
        foreach (var planned in _planned)
        {
            if (!planned.Incident.IsAct || planned.Taken > 0 || planned.From is not { } from || from > now) continue;
            planned.Taken++;
            yield return planned.Incident;
        }
    }

    /// <summary>Whether an act is due.</summary>
    public bool HasActs() => _planned.Exists(planned => planned.Incident.IsAct && planned.Taken == 0 && planned.From is { } from && from <= _time.GetUtcNow());

    /// <summary>Whether an act is still to come.</summary>
    public bool AwaitsActs => _planned.Exists(planned => planned.Incident.IsAct && planned.Taken == 0 && planned.From is not null);

    /// <summary>An act took place.</summary>
    public void Happens(Incident incident)
    {
        Happened[incident.Kind] = Happened.GetValueOrDefault(incident.Kind) + 1;
        Last = incident.Kind;
        if (Disturbs(incident)) Disturbed(IsCrash(incident.Kind) || incident.Kind is IncidentKind.Suspended or IncidentKind.DiskFull ? incident.For : incident.Delay);
    }

    /// <summary>The engine was kept from working from now on for so long.</summary>
    public void Disturbed(TimeSpan length)
    {
        var now = _time.GetUtcNow();
        _disturbances.Add((now, now + length + Recovery));
    }

    /// <summary>Whether something kept the engine from working at any moment between two.</summary>
    public bool WasDisturbed(DateTimeOffset from, DateTimeOffset to) => _disturbances.Exists(one => one.From <= to && one.To >= from);

    /// <summary>The rules of the faulty adapters.</summary>
    public IReadOnlyList<FaultRule> Rules() =>
    [
        .. _planned.Select(planned => planned.Incident).Where(incident => incident.Operation == IncidentGenerator.Everything || !IncidentGenerator.AreOfStore(incident.Operation))
            .SelectMany(incident => OperationsOf(incident).Select(operation => (incident.Kind, Operation: operation, incident.Delay))).Distinct().Select(one => one.Kind switch
            {
                IncidentKind.Unavailable => FaultRule.Unavailable(one.Operation, Happens(one.Kind, one.Operation)),
                IncidentKind.Conflict => FaultRule.Conflict(one.Operation, Happens(one.Kind, one.Operation)),
                IncidentKind.Slow => FaultRule.Slow(one.Operation, one.Delay, Happens(one.Kind, one.Operation, one.Delay)),
                IncidentKind.AnswerLost => FaultRule.AnswerLost(one.Operation, Happens(one.Kind, one.Operation)),
                IncidentKind.Empty => FaultRule.Empty(one.Operation, Happens(one.Kind, one.Operation)),
                _ => null,
            }).OfType<FaultRule>(),
    ];

    private static IEnumerable<string> OperationsOf(Incident incident) => incident.Operation == IncidentGenerator.Everything ? IncidentGenerator.Adapters : [incident.Operation];

    private Func<FaultCall, bool> Happens(IncidentKind kind, string operation, TimeSpan? delay = null) =>
        _ => Takes(kind, operation) is { } incident && (delay is null || incident.Delay == delay);

    private static bool IsCrash(IncidentKind kind) => kind is >= IncidentKind.CrashBefore and <= IncidentKind.CrashAfterCommit;

    /// <summary>What the engine stands on is its process, its disk, its ledger, its locks and its wake-ups.</summary>
    private static bool Disturbs(Incident incident) =>
        IsCrash(incident.Kind) || incident.Kind is IncidentKind.Suspended or IncidentKind.DiskFull or IncidentKind.SignalsLost or IncidentKind.SignalsLate
        || IncidentGenerator.AreOfStore(incident.Operation);

    private sealed class Planned(Incident incident)
    {
        public Incident Incident { get; } = incident;

        public DateTimeOffset? From { get; set; }

        public int Seen { get; set; }

        public int Taken { get; set; }
    }
}
