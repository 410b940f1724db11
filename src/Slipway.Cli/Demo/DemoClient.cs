using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Demo;

/// <summary>The demo's operator: talks to Slipway's HTTP API as a person's tools would.</summary>
internal sealed class DemoClient : IDisposable
{
    private readonly HttpClient _client;

    /// <summary>Connects to a server.</summary>
    /// <param name="server">Its URL.</param>
    /// <param name="token">The operator's token.</param>
    public DemoClient(Uri server, string token)
    {
        // A proxy of the environment cannot reach this machine's loopback.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(10) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Creates a flag that is off; one that exists stays as it is.</summary>
    public Task CreateFlagAsync(string name, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/flags/{name}"), cancellation);

    /// <summary>The flag's JSON as Slipway stores it.</summary>
    public async Task<string> FlagAsync(string name, CancellationToken cancellation)
    {
        using var item = JsonDocument.Parse(await GetAsync($"/flags/{name}", cancellation));
        return item.RootElement.GetProperty("value").GetString() ?? "";
    }

    /// <summary>Starts a release from its YAML.</summary>
    public Task StartAsync(string yaml, CancellationToken cancellation) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/api/releases") { Content = new StringContent(yaml, Encoding.UTF8, "application/yaml") }, cancellation);

    /// <summary>The ledger's entries after a sequence, one JSON line each.</summary>
    public Task<string> LedgerLinesAsync(ReleaseId release, long after, CancellationToken cancellation) =>
        GetAsync($"/api/releases/{release.Value}/ledger?after={after}", cancellation);

    /// <summary>The same as entries.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> LedgerAsync(ReleaseId release, long after, CancellationToken cancellation) =>
        LedgerLines.ReadAll((await LedgerLinesAsync(release, after, cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The report, as served.</summary>
    public Task<string> ReportAsync(ReleaseId release, CancellationToken cancellation) => GetAsync($"/api/releases/{release.Value}", cancellation);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private Task<string> GetAsync(string path, CancellationToken cancellation) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellation);

    private async Task<string> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
        {
            using var answer = await _client.SendAsync(request, cancellation);
            var body = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.IsSuccessStatusCode
                ? body
                : throw new DemoFailedException($"Slipway answered {(int)answer.StatusCode} to {request.Method} {request.RequestUri?.AbsolutePath}: {body}");
        }
    }
}

/// <summary>The demo could not be carried through. The message is for the person who started it.</summary>
internal sealed class DemoFailedException(string message, Exception? inner = null) : Exception(message, inner);
