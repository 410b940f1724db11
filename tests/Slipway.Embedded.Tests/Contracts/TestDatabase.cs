using Slipway.Embedded.Storage;
using Slipway.Embedded.Tests.Storage;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>A database of one test's own, in memory or in a folder that goes away with it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly TemporaryFolder? _folder;

    private TestDatabase(SlipwayDatabase database, TemporaryFolder? folder) => (Database, _folder) = (database, folder);

    public SlipwayDatabase Database { get; private set; }

    public static TestDatabase InMemory() => new(SlipwayDatabase.OpenInMemory(), null);

    public static TestDatabase OnDisk()
    {
        var folder = new TemporaryFolder();
        return new TestDatabase(SlipwayDatabase.Open(folder.Path), folder);
    }

    /// <summary>Closes a database on disk and opens it again, as a restart does.</summary>
    public async Task ReopenAsync()
    {
        await Database.DisposeAsync();
        Database = SlipwayDatabase.Open(_folder!.Path);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _folder?.Dispose();
    }
}
