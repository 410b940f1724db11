using Slipway.Core.Ledgers;

namespace Slipway.Scenarios.World;

/// <summary>The configuration keys: written only by an effect that the ledger has, and as captured when the ledger says so.</summary>
internal sealed partial class InvariantMonitor
{
    private readonly Dictionary<string, List<(DateTimeOffset At, string? Value, bool ByOthers)>> _keys = new(StringComparer.Ordinal);

    /// <summary>Somebody else wrote a key, or it is there from the beginning.</summary>
    public void KeyChanged(string key, string? value) => Revisions(key).Add((time.GetUtcNow(), value, true));

    /// <summary>4: Slipway wrote a key.</summary>
    public void KeyWritten(string key, string? value)
    {
        var now = time.GetUtcNow();
        var owned = _releases.Values.Any(followed => followed.State.OpenEffects.Values.Any(effect => effect.Kind == EffectKind.Configuration && effect.Target == key));
        var late = _releases.Values.Any(followed => followed.GivenUp.TryGetValue(key, out var at) && now - at <= LateWrite);

        // An attempt that was given up, and followed by one that succeeded, proves what is there already by a write of the same.
        var same = Revisions(key) is [.., var last] && last.Value == value;
        Require(owned || late || same || !LedgerAnswers(), $"4: key {key} was written without an entry before it");
        Revisions(key).Add((now, value, false));
    }

    /// <summary>2: a key that is said to be back has its captured value, unless somebody else wrote it since the effect was begun.</summary>
    private void KeyBack(Followed followed, EffectFinished finished)
    {
        if (!_keys.TryGetValue(finished.Target, out var revisions) || followed.State.Captured?.Keys.FirstOrDefault(key => key.Key == finished.Target) is not { } captured) return;
        var begun = followed.IntendedAt.GetValueOrDefault(finished.EffectId);
        Require(
            revisions[^1].Value == captured.Value || revisions.Exists(revision => revision.ByOthers && revision.At >= begun),
            $"2: {finished.Target} is said to be as captured, {captured.Value ?? "absent"}, and is {revisions[^1].Value ?? "absent"}");
    }

    private List<(DateTimeOffset At, string? Value, bool ByOthers)> Revisions(string key) => _keys.TryGetValue(key, out var known) ? known : _keys[key] = [];
}
