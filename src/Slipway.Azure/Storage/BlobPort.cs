using Azure;
using Azure.Storage.Blobs.Models;
using Slipway.Azure.Clients;

namespace Slipway.Azure.Storage;

/// <summary>Calls of Blob storage as the ports want them: what is there or not there is an answer, everything else an outage with words.</summary>
internal sealed class BlobPort(string system, TimeProvider time)
{
    private readonly AzureSystem _system = new(system, "Storage Blob Data Contributor");

    /// <summary>Calls; throws <see cref="Workflow.Ports.PortUnavailableException"/> when the service does not do it.</summary>
    public Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellation) => AzurePort.CallAsync(_system, time, call, cancellation);

    /// <summary>Calls for what may not be there; the fallback when it is not. A container that is missing is an outage.</summary>
    public Task<T> FindAsync<T>(Func<Task<T>> call, T otherwise, CancellationToken cancellation) => CallAsync(
        async () =>
        {
            try
            {
                return await call();
            }
            catch (RequestFailedException missing) when (missing.Status == 404 && missing.ErrorCode != BlobErrorCode.ContainerNotFound)
            {
                return otherwise;
            }
        },
        cancellation);

    /// <summary>Calls on a condition; false when it was not met: the blob was there already, is no longer, or is another by now.</summary>
    public Task<bool> TryAsync(Func<Task> call, CancellationToken cancellation) => CallAsync(
        async () =>
        {
            try
            {
                await call();
                return true;
            }
            catch (RequestFailedException unmet) when (IsUnmet(unmet))
            {
                return false;
            }
        },
        cancellation);

    /// <summary>Whether a condition was not met. Any conflict counts: under an immutability policy a blob that is there may be refused for that
    /// before its condition is looked at, and what is read next tells.</summary>
    public static bool IsUnmet(RequestFailedException error) =>
        error.Status is 409 or 412
        || (error.Status == 404 && error.ErrorCode != BlobErrorCode.ContainerNotFound);
}
