namespace Slipway.Embedded.Tests.Storage;

/// <summary>A folder of one test's own, removed with everything in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("slipway-test-").FullName;

    public string DatabaseFile => System.IO.Path.Combine(Path, "slipway.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
