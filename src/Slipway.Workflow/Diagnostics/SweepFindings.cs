using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Rescue;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Diagnostics;

/// <summary>What one sweep finds, collected while it goes.</summary>
internal sealed class SweepFindings
{
    private readonly Dictionary<ReleasePhase, int> _active = [];
    private readonly List<DiagnosticFact> _facts = [];

    /// <summary>Unfinished releases by phase.</summary>
    public IReadOnlyDictionary<ReleasePhase, int> Active => _active;

    /// <summary>Stalls and delayed mails.</summary>
    public IReadOnlyList<DiagnosticFact> Facts => _facts;

    /// <summary>For how many releases something was done.</summary>
    public int Repaired { get; set; }

    /// <summary>An unfinished release, as it was before the sweep did anything for it.</summary>
    public void Add(ReleaseId release, ReleaseState state, OrchestrationHealth health, RescueStep step, DateTimeOffset now)
    {
        Add(state.Phase);
        if (Stall.Find(state, health, step, now) is { } why)
            _facts.Add(new DiagnosticFact.Event(new ReleaseEvent.Stalled(release, state.Stage + 1, CleanText.Of(why))));
        AddMails(release, state, now);
    }

    /// <summary>An unfinished release that is as an earlier sweep left it.</summary>
    public void Add(ReleasePhase phase) => _active[phase] = _active.GetValueOrDefault(phase) + 1;

    /// <summary>The mails of a release, which may be over.</summary>
    public void AddMails(ReleaseId release, ReleaseState state, DateTimeOffset now) => _facts.AddRange(MailDelay.In(release, state, now));
}
