using System.Collections.Immutable;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Demo.Progress;

/// <summary>What the demo knows of one release: a fold of its ledger.</summary>
internal sealed record DemoView
{
    /// <summary>Intervals over which the shown rates are taken.</summary>
    public const int Shown = 5;

    /// <summary>The last entry that was taken in; 0 before the first.</summary>
    public long Sequence { get; init; }

    /// <summary>When the release was created.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When the last entry was written.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>How many stages there are.</summary>
    public int Stages { get; init; }

    /// <summary>The stage, 1 first; 0 before the first.</summary>
    public int Stage { get; init; }

    /// <summary>Exposure as last read back.</summary>
    public Percentage Exposure { get; init; }

    /// <summary>Where the release stands.</summary>
    public ReleasePhase Phase { get; init; }

    /// <summary>What happens next by itself; empty when nothing is due.</summary>
    public string NextEvent { get; init; } = "";

    /// <summary>When that is; null when nothing is due.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>How the preflight checks ended, by status.</summary>
    public ImmutableDictionary<GateStatus, int> Gates { get; init; } = ImmutableDictionary<GateStatus, int>.Empty;

    /// <summary>The checks that passed with a warning.</summary>
    public ImmutableList<string> Warned { get; init; } = [];

    /// <summary>The newest judged intervals of this stage, at most <see cref="Shown"/>.</summary>
    public ImmutableList<Observation> Recent { get; init; } = [];

    /// <summary>Why the release goes back; null while it does not.</summary>
    public RollbackBegun? Rollback { get; init; }

    /// <summary>When the last flag was read back as off after the rollback began; null before.</summary>
    public DateTimeOffset? VerifiedOffAt { get; init; }

    /// <summary>When it ended; meaningful with <see cref="Ended"/>.</summary>
    public DateTimeOffset EndedAt { get; init; }

    /// <summary>How it ended; null before.</summary>
    public ReleaseEnded? Ended { get; init; }

    /// <summary>Both arms' counts over <see cref="Recent"/>; an arm is null when it had no row.</summary>
    public (ArmSample? New, ArmSample? Old) Rates => (Sum(row => row.Canary), Sum(row => row.Control));

    /// <summary>From the first poll that saw the breach to the flags verified off; null when either did not happen.</summary>
    public TimeSpan? TimeToRollBack => VerifiedOffAt - Rollback?.BreachSeenAt;

    /// <summary>Takes an entry in. Entries come in order, each once.</summary>
    public DemoView Apply(LedgerEntry entry)
    {
        var view = this with { Sequence = entry.Sequence, At = entry.At };
        return entry.Read() switch
        {
            ReleaseCreated created => view with { StartedAt = entry.At, Stages = created.Plan.Stages.Count },
            GateChecked gate => view with
            {
                Gates = Gates.SetItem(gate.Status, Gates.GetValueOrDefault(gate.Status) + 1),
                Warned = gate.Status == GateStatus.Warning ? Warned.Add(gate.Gate) : Warned,
            },
            PhaseEntered phase => view with { Phase = phase.Phase, NextEvent = phase.NextEvent, NextAt = phase.NextAt },
            StageStarted stage => view with { Stage = stage.Stage + 1, Exposure = stage.Percentage, Recent = [] },
            IntervalJudged judged => view with { Recent = [.. Recent.AddRange(judged.Observations).TakeLast(Shown)] },
            LevelEnded { Level: 1, Recovered: true, UndoneAt: { } undone } => view with { VerifiedOffAt = undone },
            RollbackBegun rollback => view with { Rollback = rollback },
            EffectFinished { Kind: EffectKind.Flag, Flag: { } flag, Outcome: EffectOutcome.Done or EffectOutcome.AlreadyDone } => view with
            {
                Exposure = flag.Exposure,
                VerifiedOffAt = Rollback is not null && !flag.Enabled ? entry.At : VerifiedOffAt,
            },
            ReleaseEnded ended => view with { Ended = ended, EndedAt = entry.At },
            _ => view,
        };
    }

    private ArmSample? Sum(Func<Observation, ArmSample?> arm)
    {
        ArmSample? sum = null;
        foreach (var row in Recent)
        {
            if (arm(row) is { } sample) sum = sum is null ? sample : sum.Add(sample);
        }

        return sum;
    }
}
