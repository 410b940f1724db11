namespace Slipway.Embedded.Engine;

/// <summary>Ids in the order in which they were last added; adding, removing and taking the first cost the same however many there are.</summary>
internal sealed class OrderedIds
{
    private readonly LinkedList<string> _order = new();
    private readonly Dictionary<string, LinkedListNode<string>> _places = new(StringComparer.Ordinal);

    public int Count => _order.Count;

    /// <summary>Adds an id behind all others, also when it is there already.</summary>
    public void Add(string id)
    {
        Remove(id);
        _places.Add(id, _order.AddLast(id));
    }

    public void Remove(string id)
    {
        if (_places.Remove(id, out var place))
            _order.Remove(place);
    }

    /// <summary>Takes the id that was added before all others. Throws when there is none.</summary>
    public string TakeFirst()
    {
        var id = _order.First?.Value ?? throw new InvalidOperationException("There is no id.");
        Remove(id);
        return id;
    }
}
