using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Rehearsal.World;

/// <summary>The newest snapshot of one release.</summary>
internal sealed class MemorySnapshots : IReleaseSnapshots
{
    private ReleaseSnapshot? _last;

    public Task PutAsync(ReleaseSnapshot snapshot, CancellationToken cancellation)
    {
        if (_last is null || snapshot.Sequence >= _last.Sequence) _last = snapshot;
        return Task.CompletedTask;
    }

    public Task<ReleaseSnapshot?> GetAsync(ReleaseId release, CancellationToken cancellation) => Task.FromResult(_last?.Release == release ? _last : null);

    public Task<IReadOnlyList<ReleaseSummary>> ListAsync(int skip, int take, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ReleaseSummary>>(_last is { } last && skip == 0 && take > 0 ? [last.Summary] : []);
}
