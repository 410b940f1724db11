using System.Collections.Concurrent;
using Slipway.Core.Releases;

namespace Slipway.Workflow.Releases;

/// <summary>Rings when a ledger has grown, for those who wait for its next entries. It says that there is something, never what. Safe for concurrent use.</summary>
internal sealed class AppendBell
{
    private readonly ConcurrentDictionary<ReleaseId, TaskCompletionSource> _waiting = new();

    /// <summary>Completes at the next append after this call; all who wait for the same one share a task.</summary>
    public Task NextAsync(ReleaseId release) => _waiting.GetOrAdd(release, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>An append is in the ledger.</summary>
    public void Tell(ReleaseId release)
    {
        if (_waiting.TryRemove(release, out var waiting)) waiting.SetResult();
    }
}
