using Slipway.Core.Releases;

namespace Slipway.Workflow.Releases;

/// <summary>Releases in the order in which somebody last looked at them. Safe for concurrent use.</summary>
internal sealed class RecentReleases
{
    private readonly Lock _gate = new();
    private readonly LinkedList<ReleaseId> _order = new();
    private readonly Dictionary<ReleaseId, LinkedListNode<ReleaseId>> _places = [];

    /// <summary>Notes that somebody looked at a release.</summary>
    /// <param name="release">The release.</param>
    /// <param name="most">How many are kept.</param>
    /// <returns>The one that was looked at before all others, when there are more than that; it is no longer among them. Else null.</returns>
    public ReleaseId? Look(ReleaseId release, int most)
    {
        lock (_gate)
        {
            Take(release);
            _places.Add(release, _order.AddLast(release));
            if (_order.Count <= most) return null;
            var oldest = _order.First!.Value;
            Take(oldest);
            return oldest;
        }
    }

    /// <summary>Takes a release out.</summary>
    public void Remove(ReleaseId release)
    {
        lock (_gate) Take(release);
    }

    private void Take(ReleaseId release)
    {
        if (_places.Remove(release, out var place)) _order.Remove(place);
    }
}
