using Slipway.Core.Releases;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Retention;

namespace Slipway.Scenarios.World;

/// <summary>An archive in memory.</summary>
internal sealed class KeptInMemory : IReleaseArchive
{
    private readonly Dictionary<ReleaseId, ArchiveMark> _marks = [];

    public bool Fails { get; set; }

    public Dictionary<ReleaseId, Dictionary<string, string>> Files { get; } = [];

    public Task<IReadOnlyDictionary<ReleaseId, ArchiveMark>> MarksAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<ReleaseId, ArchiveMark>>(new Dictionary<ReleaseId, ArchiveMark>(_marks));

    public Task PutAsync(ReleaseId release, IReadOnlyList<ArchivedFile> files, ArchiveMark mark, CancellationToken cancellation)
    {
        if (Fails) throw new PortUnavailableException("archive", "the archive is away");
        Files[release] = files.ToDictionary(file => file.Name, file => file.Text);
        return MarkAsync(release, mark, cancellation);
    }

    public Task MarkAsync(ReleaseId release, ArchiveMark mark, CancellationToken cancellation)
    {
        _marks[release] = mark;
        return Task.CompletedTask;
    }
}

/// <summary>An engine that remembers what it was to forget.</summary>
internal sealed class Purged : IInstancePurge
{
    public List<ReleaseId> Releases { get; } = [];

    public Task PurgeAsync(ReleaseId release, CancellationToken cancellation)
    {
        Releases.Add(release);
        return Task.CompletedTask;
    }
}
