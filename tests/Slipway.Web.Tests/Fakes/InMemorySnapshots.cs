using System.Collections.Concurrent;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Web.Tests.Fakes;

/// <summary>Snapshots in memory.</summary>
internal sealed class InMemorySnapshots : IReleaseSnapshots
{
    private readonly ConcurrentDictionary<ReleaseId, ReleaseSnapshot> _newest = new();

    public Task PutAsync(ReleaseSnapshot snapshot, CancellationToken cancellation)
    {
        _newest.AddOrUpdate(snapshot.Release, snapshot, (_, old) => snapshot.Sequence >= old.Sequence ? snapshot : old);
        return Task.CompletedTask;
    }

    public Task<ReleaseSnapshot?> GetAsync(ReleaseId release, CancellationToken cancellation) => Task.FromResult(_newest.GetValueOrDefault(release));

    public Task<IReadOnlyList<ReleaseSummary>> ListAsync(int skip, int take, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ReleaseSummary>>(
            [.. _newest.Values.Select(snapshot => snapshot.Summary).OrderByDescending(summary => summary.StartedAt).ThenBy(summary => summary.Id.Value, StringComparer.Ordinal).Skip(skip).Take(take)]);
}
