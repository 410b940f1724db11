using Azure.Storage.Blobs;
using Slipway.Azure.Clients;
using Slipway.Azure.Tests.Loopback;

namespace Slipway.Azure.Tests.Storage;

/// <summary>
/// A container for one test: of the loopback server, or, where <c>SLIPWAY_BLOB_SERVICE</c> names an emulator's account (for example
/// <c>http://127.0.0.1:10000/devstoreaccount1</c>), a new one there, so that the contract tests can be run on both.
/// </summary>
internal sealed class BlobWorld : IAsyncDisposable
{
    private static readonly string? Emulator = Environment.GetEnvironmentVariable("SLIPWAY_BLOB_SERVICE");

    private BlobWorld(FakeBlobService? service, BlobContainerClient container) => (Service, Container) = (service, container);

    /// <summary>The server, for tests that look behind it; there is none on an emulator.</summary>
    public FakeBlobService? Service { get; }

    public BlobContainerClient Container { get; }

    /// <summary>A container that all adapters of a test share.</summary>
    public static BlobWorld Make()
    {
        if (Emulator is { Length: > 0 })
        {
            var made = StorageClients.ContainerEmulator(new Uri($"{Emulator}/test{Guid.NewGuid():N}"));
            made.Create();
            return new BlobWorld(null, made);
        }

        return OnServer();
    }

    /// <summary>A container of the loopback server, whatever the environment says.</summary>
    public static BlobWorld OnServer()
    {
        var service = new FakeBlobService();
        return new BlobWorld(service, StorageClients.Container(new Uri(Rerouted.Endpoint, "/state"), new FakeCredential(), Rerouted.Quick, Rerouted.To(service.Url)));
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is null) await Container.DeleteIfExistsAsync();
        else await Service.DisposeAsync();
    }
}
