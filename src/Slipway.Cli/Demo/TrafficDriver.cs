using System.Globalization;
using System.Net.Sockets;
using Slipway.Cli.Demo.Storefront;

namespace Slipway.Cli.Demo;

/// <summary>
/// Shoppers: asks the storefront at a steady rate, whatever it answers and however long it takes, as different users who stay who they
/// are. The order of users and words follows from the seed.
/// </summary>
/// <param name="storefront">Where to ask.</param>
/// <param name="seed">The seed.</param>
/// <param name="requestsPerSecond">The rate.</param>
/// <param name="users">How many shoppers there are.</param>
/// <param name="time">The clock that paces.</param>
internal sealed class TrafficDriver(Uri storefront, int seed, int requestsPerSecond, int users, TimeProvider time)
{
    private const int MostInFlight = 400;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private long _sent;
    private long _answered;
    private long _failed;
    private long _unanswered;
    private int _inFlight;

    /// <summary>Requests that got an answer.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Answers with a status of 500 or above.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Requests that got no answer at all.</summary>
    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>Asks until cancelled, then waits for the answers that are still out.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = MostInFlight, UseCookies = false, UseProxy = false };
        using var client = new HttpClient(handler) { BaseAddress = storefront, Timeout = TimeSpan.FromSeconds(5) };
        var random = new Random(seed);
        using var timer = new PeriodicTimer(Pace, time);
        var began = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                var due = (long)(time.GetElapsedTime(began).TotalSeconds * requestsPerSecond);
                // A machine that cannot keep up sends less, it does not catch up in a burst.
                _sent = Math.Max(_sent, due - (requestsPerSecond / 5));
                while (_sent < due && Volatile.Read(ref _inFlight) < MostInFlight)
                {
                    _sent++;
                    Interlocked.Increment(ref _inFlight);
                    _ = AskAsync(client, _sent, random.Next(users), Catalogue.Words[random.Next(Catalogue.Words.Count)]);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            while (Volatile.Read(ref _inFlight) > 0) await Task.Delay(Pace, time, CancellationToken.None);
        }
    }

    private async Task AskAsync(HttpClient client, long number, int user, string word)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/search?q={word}");
            request.Headers.Add(ShopperTargeting.Name, string.Create(CultureInfo.InvariantCulture, $"shopper-{user}"));
            request.Headers.Add(StorefrontServer.NumberHeader, number.ToString(CultureInfo.InvariantCulture));
            using var response = await client.SendAsync(request);
            await response.Content.CopyToAsync(Stream.Null);
            Interlocked.Increment(ref _answered);
            if ((int)response.StatusCode >= 500) Interlocked.Increment(ref _failed);
        }
        catch (Exception problem) when (problem is HttpRequestException or SocketException or TaskCanceledException)
        {
            Interlocked.Increment(ref _unanswered);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
