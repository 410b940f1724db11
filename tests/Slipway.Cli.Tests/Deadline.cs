namespace Slipway.Cli.Tests;

/// <summary>Waits for something that real processes do, bounded, and says what did not happen.</summary>
internal static class Deadline
{
    /// <summary>Asks again and again until it is so; fails the test after the limit.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what, CancellationToken stop, TimeSpan? limit = null)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        over.CancelAfter(limit ?? TimeSpan.FromSeconds(30));
        try
        {
            while (!await isSo()) await pace.WaitForNextTickAsync(over.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            Assert.Fail($"Not in time: {what}.");
        }
    }
}
