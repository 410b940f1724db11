using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine.Persistence;

/// <summary>The instances in memory, and what every write does to them. Its store guards it.</summary>
internal sealed class MemoryTables
{
    private readonly Dictionary<string, MemoryInstance> _instances = new(StringComparer.Ordinal);
    private long _messages;

    public IEnumerable<MemoryInstance> All => _instances.Values;

    public MemoryInstance? Find(string id) => _instances.GetValueOrDefault(id);

    public bool AddInstance(string id, string workflow, RecordedValue input, ParentLink? parent, long now) =>
        _instances.TryAdd(id, new MemoryInstance(id, workflow, input, parent, now));

    public bool AddMessage(string instance, int? run, HistoryEvent message)
    {
        if (Find(instance) is not { Status: InstanceStatus.Running or InstanceStatus.Faulted } row)
            return false;
        row.Inbox.Add(new InboxRow(++_messages, run, message));
        return true;
    }

    public int Purge(string id)
    {
        var over = _instances.Values.Where(row => (row.Id == id || row.Id.StartsWith(id + "/", StringComparison.Ordinal)) && row.Status != InstanceStatus.Running).ToList();
        over.ForEach(row => _instances.Remove(row.Id));
        return over.Count;
    }

    public void Forget()
    {
        foreach (var row in _instances.Values) row.Forget();
    }
}
