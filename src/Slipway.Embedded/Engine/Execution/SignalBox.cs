namespace Slipway.Embedded.Engine.Execution;

/// <summary>Signals that nobody waited for yet, and waiters that no signal came for yet, both in order.</summary>
internal sealed class SignalBox
{
    private readonly List<(string Name, string Payload)> _unread = [];
    private readonly List<(string Name, TaskCompletionSource<string> Waiter)> _waiters = [];

    /// <summary>What has arrived and was not taken, oldest first.</summary>
    public IReadOnlyList<(string Name, string Payload)> Unread => _unread;

    public bool HasWaiters => _waiters.Count > 0;

    public bool HasWaiter(string name) => _waiters.Exists(waiting => waiting.Name == name);

    public Task<string> Take(string name)
    {
        var index = _unread.FindIndex(signal => signal.Name == name);
        if (index >= 0)
        {
            var payload = _unread[index].Payload;
            _unread.RemoveAt(index);
            return Task.FromResult(payload);
        }

        var waiter = new TaskCompletionSource<string>();
        _waiters.Add((name, waiter));
        return waiter.Task;
    }

    public void Arrive(string name, string payload)
    {
        var index = _waiters.FindIndex(waiting => waiting.Name == name);
        if (index < 0)
        {
            _unread.Add((name, payload));
            return;
        }

        var waiter = _waiters[index].Waiter;
        _waiters.RemoveAt(index);
        waiter.TrySetResult(payload);
    }
}
