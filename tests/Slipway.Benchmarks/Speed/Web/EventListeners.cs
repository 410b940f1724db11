using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Threading.Channels;

namespace Slipway.Benchmarks.Speed.Web;

/// <summary>Open event streams of one release, as that many open pages have them.</summary>
internal sealed class EventListeners : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<(string Id, long At)> _seen = Channel.CreateUnbounded<(string, long)>();
    private readonly List<Task> _reading = [];

    /// <summary>Opens streams, and waits until each is answered.</summary>
    public static async Task<EventListeners> OpenAsync(HttpClient client, string release, int count)
    {
        var listeners = new EventListeners();
        for (var n = 0; n < count; n++)
        {
            var answer = await client.GetAsync($"/api/releases/{release}/events", HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            listeners._reading.Add(listeners.ReadAsync(answer));
        }

        return listeners;
    }

    /// <summary>
    /// Reports something to the release, and waits until every listener has been told. Milliseconds from before the report was sent until the last one had
    /// read the entry: the request, its commit and the telling.
    /// </summary>
    public async Task<double> TellAsync(HttpClient client, string token, string release, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/releases/{release}/signals")
        {
            Content = JsonContent.Create(new { id, kind = "observation", text = "seen by the measurement" }),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        var start = Stopwatch.GetTimestamp();
        using var answer = await client.SendAsync(request);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The report was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        using var patience = new CancellationTokenSource(Patience);
        var last = start;
        for (var told = 0; told < _reading.Count;)
        {
            var (seen, at) = await _seen.Reader.ReadAsync(patience.Token);
            if (seen != id) continue;
            last = Math.Max(last, at);
            told++;
        }

        return Stopwatch.GetElapsedTime(start, last).TotalMilliseconds;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_reading);
        _stop.Dispose();
    }

    private async Task ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            try
            {
                using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(_stop.Token));
                var type = "";
                while (await lines.ReadLineAsync(_stop.Token) is { } line)
                {
                    var at = Stopwatch.GetTimestamp();
                    if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line["event: ".Length..];
                    else if (type == "signal.received.v1" && line.StartsWith("data: ", StringComparison.Ordinal)) _seen.Writer.TryWrite((IdOf(line), at));
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException && _stop.IsCancellationRequested)
            {
                // Closed from here.
            }
        }
    }

    private static string IdOf(string data)
    {
        const string Before = "\"entry_id\":\"command:";
        var from = data.IndexOf(Before, StringComparison.Ordinal);
        if (from < 0) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"An event of {data.Length} characters names no entry."));
        from += Before.Length;
        return data[from..data.IndexOf('"', from)];
    }
}
