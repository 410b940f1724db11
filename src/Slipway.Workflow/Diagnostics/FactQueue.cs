using System.Collections.Concurrent;

namespace Slipway.Workflow.Diagnostics;

/// <summary>
/// Facts on their way: added without waiting, acted on in order and one at a time on the thread pool. When more than <see cref="Most"/> wait,
/// because a listener blocks, further ones are lost.
/// </summary>
/// <param name="act">Acts on one; what it throws is lost with the fact.</param>
internal sealed class FactQueue(Action<DiagnosticFact> act) : IThreadPoolWorkItem
{
    /// <summary>How many may wait.</summary>
    public const int Most = 10_000;

    private readonly ConcurrentQueue<DiagnosticFact> _waiting = new();
    private readonly Lock _acting = new();
    private int _scheduled;

    public void Add(DiagnosticFact fact)
    {
        if (_waiting.Count >= Most) return;
        _waiting.Enqueue(fact);
        if (Interlocked.Exchange(ref _scheduled, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Flush()
    {
        lock (_acting)
        {
            while (_waiting.TryDequeue(out var fact))
            {
                try
                {
                    act(fact);
                }
                catch (Exception)
                {
                    // A listener's problem is not the workflow's.
                }
            }
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Before looking: what is added from here on schedules anew.
        Volatile.Write(ref _scheduled, 0);
        Flush();
    }
}
