namespace Slipway.Cli.Tests.Hosting;

/// <summary>A data folder that is gone after the test.</summary>
internal sealed class TemporaryData : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("slipway-test-").FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A killed process may hold a file for a moment on Windows; the temporary folder is cleaned by the system.
        }
    }
}
