using Azure.Core;
using Azure.Core.Pipeline;

namespace Slipway.Azure.Clients;

/// <summary>The library's retries, which honour what a service asks to wait, as long as that is not longer than the caller can wait.</summary>
internal sealed class BoundedRetryPolicy(ClientRetry retry)
    : RetryPolicy(retry.Retries, DelayStrategy.CreateExponentialDelayStrategy(retry.FirstDelay, retry.LongestDelay))
{
    private const int TooManyRequests = 429;

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        CanWait(message) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        CanWait(message) ? base.ShouldRetryAsync(message, exception) : ValueTask.FromResult(false);

    private bool CanWait(HttpMessage message)
    {
        if (!message.HasResponse) return true;
        if (message.Response.Status == TooManyRequests && retry.LongestWait == TimeSpan.Zero) return false;
        return RetryAfter.Of(message.Response) is not { } wait || wait <= retry.LongestWait;
    }
}
