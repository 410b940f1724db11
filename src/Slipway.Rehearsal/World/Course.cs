using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Rehearsal.World;

/// <summary>Where a rehearsed release stands, told by each entry of its ledger at the moment it is written.</summary>
internal sealed class Course(int stage)
{
    /// <summary>The phase.</summary>
    public ReleasePhase Phase { get; private set; } = ReleasePhase.Received;

    /// <summary>Whether the scenario's stage, or one after it, was shifted to.</summary>
    public bool Shifted { get; private set; }

    /// <summary>When the scenario's stage stood; null: not yet.</summary>
    public DateTimeOffset? StageStoodAt { get; private set; }

    /// <summary>When the way back was decided; null: it was not.</summary>
    public DateTimeOffset? RollbackAt { get; private set; }

    /// <summary>When the release was taken back, failed, or reached everybody; null: not yet.</summary>
    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>Since when it is held; null: it is not.</summary>
    public DateTimeOffset? HeldSince { get; private set; }

    /// <summary>What it was in when it was held.</summary>
    public ReleasePhase HeldIn { get; private set; }

    /// <summary>Whether it is over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Somebody answered; while it stays held, it counts from now.</summary>
    public void Answered(DateTimeOffset now)
    {
        if (HeldSince is not null) HeldSince = now;
    }

    public void Follow(LedgerEntry entry, LedgerBody body)
    {
        switch (body)
        {
            case PhaseEntered entered:
                if (entered.Phase == ReleasePhase.Paused && Phase != ReleasePhase.Paused) (HeldSince, HeldIn) = (entry.At, Phase);
                if (entered.Phase != ReleasePhase.Paused) HeldSince = null;
                if (entered.Phase == ReleasePhase.Shifting && entered.Stage >= stage) Shifted = true;
                if (entered.Phase == ReleasePhase.Concluding) DecidedAt ??= entry.At;
                Phase = entered.Phase;
                break;
            case StageStarted started when started.Stage >= stage:
                StageStoodAt ??= entry.At;
                break;
            case RollbackBegun:
                RollbackAt ??= entry.At;
                break;
            case ReleaseEnded ended:
                Phase = ended.Phase;
                IsOver = true;
                HeldSince = null;
                DecidedAt ??= entry.At;
                break;
            default:
                break;
        }
    }
}
