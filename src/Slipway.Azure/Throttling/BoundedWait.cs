namespace Slipway.Azure.Throttling;

/// <summary>Waiting for a place, but not for long: a call that hangs keeps its own place and nobody else's time.</summary>
internal static class BoundedWait
{
    /// <summary>Takes a place; false when there was none in time. Throws <see cref="OperationCanceledException"/> when the caller gives up, who then
    /// holds none.</summary>
    /// <param name="places">The places.</param>
    /// <param name="patience">How long to wait, above zero.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">The caller's.</param>
    public static async Task<bool> TryEnterAsync(this SemaphoreSlim places, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await places.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
