using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Web.Tests.Fakes;

/// <summary>Locks in memory, all taken at one time.</summary>
internal sealed class InMemoryLocks : ILocks
{
    public static readonly DateTimeOffset Since = new(2026, 12, 1, 8, 0, 0, TimeSpan.Zero);

    public SortedDictionary<string, ReleaseId> Holders { get; } = new(StringComparer.Ordinal);

    public List<string> Asked { get; } = [];

    public Task<ReleaseId> TakeAsync(string resource, ReleaseId release, CancellationToken cancellation)
    {
        Asked.Add(resource);
        Holders.TryAdd(resource, release);
        return Task.FromResult(Holders[resource]);
    }

    public Task ReleaseAllAsync(ReleaseId release, CancellationToken cancellation)
    {
        foreach (var held in Holders.Where(held => held.Value == release).Select(held => held.Key).ToList()) Holders.Remove(held);
        return Task.CompletedTask;
    }

    public Task<bool> ReleaseAsync(string resource, ReleaseId holder, CancellationToken cancellation) =>
        Task.FromResult(Holders.TryGetValue(resource, out var now) && now == holder && Holders.Remove(resource));

    public Task<IReadOnlyList<HeldLock>> ListAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<HeldLock>>([.. Holders.Select(held => new HeldLock(held.Key, held.Value, Since))]);
}
