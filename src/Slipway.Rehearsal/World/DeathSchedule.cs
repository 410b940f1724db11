using Slipway.Core.Ledgers;

namespace Slipway.Rehearsal.World;

/// <summary>
/// After which steps the process is killed: after every one, and in a long quiet bake, where the same few steps come again with each poll, after
/// every fifth to eighth in turn, once each of them was killed some twenty times over. Anything but a judged interval in the ledger ends the
/// quiet. So the kills of a day of quiet watching are not the square of its length, and no kind of step is left out.
/// </summary>
internal sealed class DeathSchedule
{
    /// <summary>Steps after anything but a judged interval that are each followed by a kill: some twenty polls.</summary>
    internal const int Busy = 120;

    /// <summary>Steps from one kill to the next in the quiet; they differ, so that whatever the steps of a poll, each has its turn.</summary>
    private static readonly int[] Gaps = [5, 6, 7, 8];

    private int _steps, _left, _kills;

    /// <summary>An entry was written.</summary>
    public void Follow(LedgerBody body)
    {
        if (body is not IntervalJudged) (_steps, _left) = (0, 0);
    }

    /// <summary>A step was committed: whether the process dies now.</summary>
    public bool Dies()
    {
        if (++_steps <= Busy) return true;
        if (_left-- > 0) return false;
        _left = Gaps[_kills++ % Gaps.Length] - 1;
        return true;
    }
}
