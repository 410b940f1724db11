using Slipway.Embedded.Engine.Persistence;

namespace Slipway.Embedded.Engine;

/// <summary>
/// How activities ended whose ends are not stored yet. When the commit fails that would store one, it is offered again instead of running the activity again:
/// as long as this process lives, what an activity does outside is done once, however long nothing can be stored. Only the loop calls it.
/// </summary>
internal sealed class UnstoredEnds
{
    private readonly Dictionary<string, OrderedDictionary<ActivityKey, HistoryEvent>> _ends = new(StringComparer.Ordinal);

    /// <summary>An activity has ended.</summary>
    public void Keep(ActivityKey activity, HistoryEvent end)
    {
        if (!_ends.TryGetValue(activity.Instance, out var ends))
            _ends.Add(activity.Instance, ends = []);
        ends[activity] = end;
    }

    public bool Knows(ActivityKey activity) => _ends.TryGetValue(activity.Instance, out var ends) && ends.ContainsKey(activity);

    /// <summary>What is not stored yet of an instance, in the order of ending.</summary>
    public IEnumerable<TurnInput> Of(string instance) =>
        _ends.TryGetValue(instance, out var ends) ? ends.Select(end => new TurnInput(end.Value, end.Key.Run, Activity: end.Key)) : [];

    /// <summary>The turn of an instance that they end is stored.</summary>
    public void Stored(string instance, IEnumerable<ActivityKey> activities)
    {
        if (!_ends.TryGetValue(instance, out var ends))
            return;
        foreach (var activity in activities)
            ends.Remove(activity);
        if (ends.Count == 0)
            _ends.Remove(instance);
    }

    /// <summary>The instance stands still or is gone: whoever lets it go on, or takes its id again, begins from what is stored.</summary>
    public void Forget(string instance) => _ends.Remove(instance);
}
