using System.Globalization;
using Azure;

namespace Slipway.Azure.Clients;

/// <summary>How long a service asks to wait.</summary>
internal static class RetryAfter
{
    /// <summary>The wait of an answer's headers, zero or more; null where it asks for none.</summary>
    public static TimeSpan? Of(Response response)
    {
        if (Milliseconds(response, "retry-after-ms") is { } wait) return wait;
        if (Milliseconds(response, "x-ms-retry-after-ms") is { } same) return same;
        if (!response.Headers.TryGetValue("Retry-After", out var text)) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return TimeSpan.FromSeconds(seconds);

        // A date is compared with the service's own clock, as it says it in the same answer.
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var until) && response.Headers.Date is { } now && until > now
            ? until - now
            : null;
    }

    private static TimeSpan? Milliseconds(Response response, string header) =>
        response.Headers.TryGetValue(header, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? TimeSpan.FromMilliseconds(count)
            : null;
}
