using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Identity;
using Slipway.Azure.Throttling;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Clients;

/// <summary>What the ports promise of failures: whatever keeps a service from answering is a <see cref="PortUnavailableException"/>, with
/// words for the person on call.</summary>
internal static class AzurePort
{
    /// <summary>Calls a service.</summary>
    /// <param name="system">Which.</param>
    /// <param name="time">Says when a throttled request may be tried again.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">The caller's: only what it ends is a cancellation, everything else that ends a call is a timeout.</param>
    public static async Task<T> CallAsync<T>(AzureSystem system, TimeProvider time, Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (Cause(error, cancellation) is { } cause)
        {
            var wait = (cause as RequestFailedException)?.GetRawResponse() is { } response ? RetryAfter.Of(response) : null;
            var at = time.GetUtcNow() + wait;
            throw new PortUnavailableException(system.Name, Describe(system, cause, at), error) { RetryAt = at };
        }
    }

    /// <summary>Takes a request out of a budget; throws <see cref="PortUnavailableException"/> with the time when there is room again.</summary>
    public static void Take(AzureSystem system, RequestBudget budget, string what)
    {
        if (budget.TryTake() is not { } at) return;
        var why = budget.RestsUntil >= at ? "the service asked to wait" : $"{what} is used up on this side";
        throw new PortUnavailableException(system.Name, $"{why}; not asked before {Clock(at)}") { RetryAt = at };
    }

    /// <summary>Calls what <see cref="CallAsync"/> calls, and lets budgets rest when the service says that there are too many requests (429), or that it
    /// is not there for the moment and when it will be (503 with a wait).</summary>
    /// <param name="call">The call.</param>
    /// <param name="throttled">Rests after 429.</param>
    /// <param name="unavailable">Rests after 503.</param>
    public static async Task<T> HeedAsync<T>(Func<Task<T>> call, RequestBudget throttled, RequestBudget unavailable)
    {
        try
        {
            return await call();
        }
        catch (PortUnavailableException error)
        {
            var cause = error.InnerException is AggregateException { InnerExceptions: [.., var last] } ? last : error.InnerException;
            if (cause is RequestFailedException { Status: 429 }) throttled.Rest(error.RetryAt);
            if (cause is RequestFailedException { Status: 503 } && error.RetryAt is { } at) unavailable.Rest(at);
            throw;
        }
    }

    /// <summary>A moment as messages show it.</summary>
    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static Exception? Cause(Exception error, CancellationToken cancellation) => error switch
    {
        // What is left when all repetitions failed: the last one says most.
        AggregateException { InnerExceptions: [.., var last] } => Cause(last, cancellation),
        OperationCanceledException => cancellation.IsCancellationRequested ? null : error,
        // The library reads an answer of another form as if it had the right one, and finds that it has not: a table's number that is none, a row too short.
        RequestFailedException or AuthenticationFailedException or IOException => error,
        JsonException or InvalidOperationException or FormatException or IndexOutOfRangeException => error,
        _ => null,
    };

    private static string Describe(AzureSystem system, Exception cause, DateTimeOffset? retryAt) => cause switch
    {
        RequestFailedException { Status: 0 } failed => $"no answer ({FirstLine(failed.Message)})",
        RequestFailedException { Status: 401 } => $"the sign-in was not accepted (401); does the identity belong to the service's tenant, and has it the role {system.Role}?",
        RequestFailedException { Status: 403 } => $"this application's identity may not do that (403); it needs the role {system.Role}",
        RequestFailedException { Status: 429 } => retryAt is { } at ? $"throttled (429); not to be asked before {Clock(at)}" : "throttled (429)",
        RequestFailedException failed => $"answered {failed.Status}{(string.IsNullOrEmpty(failed.ErrorCode) ? "" : $" {failed.ErrorCode}")}: {Reason(failed)}",
        AuthenticationFailedException failed => $"no sign-in ({FirstLine(failed.Message)})",
        JsonException or InvalidOperationException or FormatException or IndexOutOfRangeException => $"answered with something that cannot be read ({FirstLine(cause.Message)})",
        OperationCanceledException => "no answer in time",
        _ => $"no answer ({FirstLine(cause.Message)})",
    };

    private static string Reason(RequestFailedException failed)
    {
        var line = FirstLine(failed.Message);
        var said = line.Length > 0 && !line.StartsWith("For troubleshooting", StringComparison.Ordinal) && !line.StartsWith("Service request failed", StringComparison.Ordinal);
        return said ? line : failed.GetRawResponse()?.ReasonPhrase ?? "no reason";
    }

    // Behind the first line the library repeats headers and body.
    private static string FirstLine(string message)
    {
        var line = message.ReplaceLineEndings("\n").Split('\n')[0].Trim();
        return line.Length <= 300 ? line : $"{line[..300]}…";
    }
}
