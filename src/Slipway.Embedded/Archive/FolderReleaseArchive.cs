using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Core.Releases;
using Slipway.Core.Serialization;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Retention;

namespace Slipway.Embedded.Archive;

/// <summary>
/// Files of releases that are over in a folder, <c>RELEASE/FILE</c>, with <c>RELEASE/mark.json</c> written last. A mark counts only while every file that
/// it names is there with the content that was kept: what somebody took away or changed is not kept, and is kept anew. Folder and files are their owner's
/// alone, as the requests in the ledgers may hold secrets.
/// </summary>
/// <param name="folder">Where; made at the first release.</param>
public sealed class FolderReleaseArchive(string folder) : IReleaseArchive
{
    private const string MarkFile = "mark.json";

    private readonly string _folder = Path.GetFullPath(folder);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<ReleaseId, ArchiveMark>> MarksAsync(CancellationToken cancellation) => CallAsync<IReadOnlyDictionary<ReleaseId, ArchiveMark>>(async () =>
    {
        var found = new Dictionary<ReleaseId, ArchiveMark>();
        if (!Directory.Exists(_folder)) return found;
        foreach (var kept in Directory.EnumerateDirectories(_folder))
        {
            if (!ReleaseId.TryParse(Path.GetFileName(kept), out var release) || await ReadAsync(release, cancellation) is not { } mark) continue;

            // Instances that are gone stay gone, whatever became of the files.
            if (mark.Purged || await IsWholeAsync(release, mark, cancellation)) found[release] = new ArchiveMark(mark.Until, mark.Purged);
        }

        return found;
    });

    /// <inheritdoc/>
    public Task PutAsync(ReleaseId release, IReadOnlyList<ArchivedFile> files, ArchiveMark mark, CancellationToken cancellation) => CallAsync(async () =>
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var bytes = Encoding.UTF8.GetBytes(file.Text);
            await PlaceAsync(PathOf(release, file.Name), bytes, cancellation);
            hashes[file.Name] = HashOf(bytes);
        }

        return await WriteAsync(release, new StoredMark(mark.Until, mark.Purged, hashes), cancellation);
    });

    /// <inheritdoc/>
    public Task MarkAsync(ReleaseId release, ArchiveMark mark, CancellationToken cancellation) => CallAsync(async () =>
        await WriteAsync(release, new StoredMark(mark.Until, mark.Purged, (await ReadAsync(release, cancellation))?.Files ?? new SortedDictionary<string, string>()), cancellation));

    private async Task<StoredMark?> ReadAsync(ReleaseId release, CancellationToken cancellation)
    {
        var path = PathOf(release, MarkFile);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<StoredMark>(await File.ReadAllBytesAsync(path, cancellation), SlipwayJson.Options);
        }
        catch (JsonException)
        {
            // A mark that cannot be read says nothing: the release is kept again.
            return null;
        }
    }

    private async Task<bool> IsWholeAsync(ReleaseId release, StoredMark mark, CancellationToken cancellation)
    {
        foreach (var (name, hash) in mark.Files)
        {
            var path = PathOf(release, name);
            if (!File.Exists(path) || HashOf(await File.ReadAllBytesAsync(path, cancellation)) != hash) return false;
        }

        return mark.Files.Count > 0;
    }

    private async Task<bool> WriteAsync(ReleaseId release, StoredMark mark, CancellationToken cancellation)
    {
        await PlaceAsync(PathOf(release, MarkFile), JsonSerializer.SerializeToUtf8Bytes(mark, SlipwayJson.Options), cancellation);
        return true;
    }

    /// <summary>The file appears complete or not at all.</summary>
    private static async Task PlaceAsync(string target, byte[] bytes, CancellationToken cancellation)
    {
        var parent = Path.GetDirectoryName(target)!;
        PrivateFiles.CreateFolder(parent);
        var draft = Path.Combine(parent, $".{Path.GetRandomFileName()}.draft");
        try
        {
            await using (var file = PrivateFiles.CreateFile(draft))
            {
                await file.WriteAsync(bytes, cancellation);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, target, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private string PathOf(ReleaseId release, string name)
    {
        var own = Path.Combine(_folder, release.Value);
        var path = Path.GetFullPath(Path.Combine(own, name));
        return path.StartsWith(own + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"'{name}' is not the name of a file of a release: expected a path inside its folder.", nameof(name));
    }

    private static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PortUnavailableException("archive", error.Message, error);
        }
    }

    /// <summary>The mark as it is stored.</summary>
    /// <param name="Until">The release's last change that is in the files.</param>
    /// <param name="Purged">Whether the engine has forgotten the release.</param>
    /// <param name="Files">The SHA-256 of each file, by its name.</param>
    private sealed record StoredMark(DateTimeOffset Until, bool Purged, IReadOnlyDictionary<string, string> Files);
}
