using Slipway.Core.Planning;
using Slipway.Core.Releases;

namespace Slipway.Scenarios.World;

/// <summary>The pipeline: asked for more users only when nothing stands against it.</summary>
internal sealed partial class InvariantMonitor
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>3 and 4: Slipway asks the pipeline for a step. What was asked before is asked again, under its key, whatever the hour.</summary>
    public void PipelineAsked(string key)
    {
        Touched("hook", key);
        if (!_asked.Add(key)) return;
        foreach (var (release, followed) in _releases.Where(one => one.Value.State.Phase == ReleasePhase.Shifting && one.Value.State.OpenEffects.ContainsKey(key)))
        {
            var now = time.GetUtcNow();
            var begun = followed.IntendedAt[key];

            // When the host died, or was kept from working, between the entry and the call, nobody can say whether the call was taken.
            if (Excuses(begun, now)) continue;
            var window = WindowSchedule.Of(followed.State.Request, followed.State.Plan);
            Require(!Frozen(), $"3: {release} asked the pipeline for {key} while the server is frozen");
            Require(window.IsOpen(now) || window.IsOpen(now - LateWrite), $"3: {release} asked the pipeline for {key} outside its window");
            Require(followed.AgainstSince is not { } since || now - since <= LateWrite, $"3: {release} asked the pipeline for {key} while {Against(followed.State)} since {followed.AgainstSince:u}");
        }
    }
}
