namespace Slipway.Embedded.Engine;

/// <summary>What falls due.</summary>
internal enum DueKind
{
    /// <summary>A timer that an orchestrator asked for.</summary>
    Timer,

    /// <summary>The next attempt of an activity.</summary>
    Retry,

    /// <summary>The rest of an instance whose commit failed is over.</summary>
    Reload,

    /// <summary>The rest of an engine that could not read at its start what an earlier one left is over.</summary>
    Load,
}

/// <summary>Something that falls due, with its identity.</summary>
internal readonly record struct DueItem(DueKind Kind, string Instance, int Run, int Step);

/// <summary>
/// Everything that falls due, ordered by time and then by the order of adding. Looking at the next one, adding and removing cost the
/// logarithm of the number that waits; nothing ever looks at all of them.
/// </summary>
internal sealed class DueQueue
{
    private readonly SortedSet<(long Due, long Order, DueItem Item)> _queue = new(
        Comparer<(long Due, long Order, DueItem Item)>.Create((one, other) => (one.Due, one.Order).CompareTo((other.Due, other.Order))));

    private readonly Dictionary<DueItem, (long Due, long Order)> _places = [];
    private long _order;

    /// <summary>When the next item is due, in UTC ticks; null when nothing waits.</summary>
    public long? Next => _queue.Count > 0 ? _queue.Min.Due : null;

    public int Count => _queue.Count;

    /// <summary>Adds an item, or moves it when it waits already.</summary>
    public void Add(DueItem item, long due)
    {
        Remove(item);
        var place = (due, _order++);
        _places.Add(item, place);
        _queue.Add((place.due, place.Item2, item));
    }

    public void Remove(DueItem item)
    {
        if (_places.Remove(item, out var place))
            _queue.Remove((place.Due, place.Order, item));
    }

    /// <summary>Takes the next item that is due at <paramref name="now"/>.</summary>
    public bool TryTake(long now, out DueItem item)
    {
        item = default;
        if (_queue.Count == 0 || _queue.Min.Due > now)
            return false;
        item = _queue.Min.Item;
        Remove(item);
        return true;
    }
}
