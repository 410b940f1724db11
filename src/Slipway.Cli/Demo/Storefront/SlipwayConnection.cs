using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Core.Serialization;

namespace Slipway.Cli.Demo.Storefront;

/// <summary>The storefront's side of Slipway's HTTP API: reads the flags and sends telemetry, with the telemetry role's token.</summary>
internal sealed class SlipwayConnection : IFlagFetcher, ITelemetrySink, IDisposable
{
    private readonly HttpClient _client;

    /// <summary>Connects to a server.</summary>
    /// <param name="server">Its URL.</param>
    /// <param name="token">The telemetry role's token.</param>
    public SlipwayConnection(Uri server, string token)
    {
        // A proxy of the environment cannot reach this machine's loopback.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(5) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FetchAsync(CancellationToken cancellation)
    {
        using var answer = await _client.GetAsync("/flags", cancellation);
        answer.EnsureSuccessStatusCode();
        using var list = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
        return [.. list.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("value").GetString()!)];
    }

    /// <inheritdoc/>
    public async Task SendAsync(TelemetryBatch batch, CancellationToken cancellation)
    {
        var body = new
        {
            batch_id = batch.Id,
            service = batch.Service,
            rows = batch.Rows.Select(row => new
            {
                arm = row.Canary ? "canary" : "control",
                start = row.Start,
                requests = row.Sample.Requests,
                errors = row.Sample.Errors,
                latency_buckets = row.Sample.Latency.Counts,
                users = row.Shoppers,
                error_types = row.Sample.ErrorTypes,
            }),
        };
        using var answer = await _client.PostAsJsonAsync("/telemetry", body, SlipwayJson.Options, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
