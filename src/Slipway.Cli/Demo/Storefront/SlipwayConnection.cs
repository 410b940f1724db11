using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Core.Serialization;

namespace Slipway.Cli.Demo.Storefront;

/// <summary>The storefront's side of Slipway's HTTP API: reads the flags and sends telemetry, with the telemetry role's token.</summary>
internal sealed class SlipwayConnection : IFlagFetcher, ITelemetrySink, IDisposable
{
    private readonly HttpClient _client;
    private bool _knowsUsersOnly;

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
        using var answer = await PostAsync(batch, _knowsUsersOnly, cancellation);
        if (answer.StatusCode == HttpStatusCode.BadRequest && !_knowsUsersOnly)
        {
            // A server that is older than requests by user refuses a member that it does not know; users alone it has always known.
            using var again = await PostAsync(batch, usersOnly: true, cancellation);
            again.EnsureSuccessStatusCode();
            _knowsUsersOnly = true;
            return;
        }

        answer.EnsureSuccessStatusCode();
    }

    private Task<HttpResponseMessage> PostAsync(TelemetryBatch batch, bool usersOnly, CancellationToken cancellation)
    {
        var body = new { batch_id = batch.Id, service = batch.Service, rows = batch.Rows.Select(row => usersOnly ? WithUsers(row) : ByUser(row)) };
        return _client.PostAsJsonAsync("/telemetry", body, SlipwayJson.Options, cancellation);
    }

    private static object ByUser(TelemetryRow row) => new
    {
        arm = ArmOf(row),
        start = row.Start,
        requests = row.Sample.Requests,
        errors = row.Sample.Errors,
        latency_buckets = row.Sample.Latency.Counts,
        flag = row.Service,
        by_user = row.Shoppers.Select(user => new { user = user.Shopper, requests = user.Requests, errors = user.Errors, latency_buckets = user.Latency.Counts }),
        error_types = row.Sample.ErrorTypes,
    };

    private static object WithUsers(TelemetryRow row) => new
    {
        arm = ArmOf(row),
        start = row.Start,
        requests = row.Sample.Requests,
        errors = row.Sample.Errors,
        latency_buckets = row.Sample.Latency.Counts,
        users = row.Shoppers.Select(user => user.Shopper),
        error_types = row.Sample.ErrorTypes,
    };

    private static string ArmOf(TelemetryRow row) => row.Canary ? "canary" : "control";

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
