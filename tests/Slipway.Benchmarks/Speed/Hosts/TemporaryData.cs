namespace Slipway.Benchmarks.Speed.Hosts;

/// <summary>A folder on the disk of this machine's temporary files, removed with what is in it.</summary>
internal sealed class TemporaryData : IDisposable
{
    /// <summary>Its full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("slipway-speed-").FullName;

    /// <summary>How large its database is, with its log, in bytes.</summary>
    public long DatabaseBytes => Directory.EnumerateFiles(Path, "slipway.db*").Sum(file => new FileInfo(file).Length);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
