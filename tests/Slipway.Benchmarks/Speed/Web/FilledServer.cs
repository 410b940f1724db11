using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Cli.Hosting;

namespace Slipway.Benchmarks.Speed.Web;

/// <summary>
/// The server that <c>slipway serve</c> runs, on a data folder of many releases, with a browser that has signed in. Releases that are over were written
/// beforehand (<see cref="ReleaseHistory"/>); those that wait for their date were started over its API and run on its engine.
/// </summary>
internal sealed partial class FilledServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly SlipwayServer _server;

    private FilledServer(string folder, SlipwayServer server, HttpClient browser) => (_folder, _server, Browser) = (folder, server, browser);

    /// <summary>A client that keeps its connections and carries the session of somebody who signed in by a link.</summary>
    public HttpClient Browser { get; }

    /// <summary>For what only a token may do.</summary>
    public string Token => _server.OperatorToken;

    /// <summary>Releases in all.</summary>
    public required int Releases { get; init; }

    /// <summary>One that is over, of the small sample.</summary>
    public required string Over { get; init; }

    /// <summary>One that is over after 24 hours.</summary>
    public required string Day { get; init; }

    /// <summary>One that waits for its date.</summary>
    public required string Waiting { get; init; }

    /// <summary>Writes a history, starts the server on it, and signs in.</summary>
    /// <param name="releases">How many releases there are in all.</param>
    /// <param name="waiting">How many of them run and wait for their date.</param>
    public static async Task<FilledServer> StartAsync(int releases, int waiting)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-speed-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, PolicyFile.Name), "calendar_rules: false\n");
            var history = await ReleaseHistory.WriteAsync(folder, releases - waiting);
            var server = await SlipwayServer.StartAsync(new SlipwayServerOptions { DataDirectory = folder, Port = 0 }, default);
            var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = server.Url };
            await SignInAsync(browser, server.OperatorToken);
            for (var n = 0; n < waiting; n++) await StartOneAsync(browser, server, n);
            for (var n = 0; n < waiting; n++) await WaitsAsync(browser, n);
            return new FilledServer(folder, server, browser) { Releases = releases, Over = history.Small, Day = history.Day, Waiting = WaitingId(waiting - 1) };
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string WaitingId(int n) => string.Create(CultureInfo.InvariantCulture, $"waiting-{n}");

    private static async Task SignInAsync(HttpClient browser, string token)
    {
        var link = await SendAsync(browser, token, "/api/sign-in-links", null);
        var page = await browser.GetStringAsync(link.GetProperty("path").GetString());
        var fields = Hidden().Matches(page).ToDictionary(field => field.Groups[1].Value, field => WebUtility.HtmlDecode(field.Groups[2].Value));
        using var answer = await browser.PostAsync("/sign-in", new FormUrlEncodedContent(fields));
        if (answer.StatusCode != HttpStatusCode.SeeOther) throw new InvalidOperationException($"Signing in was answered {(int)answer.StatusCode}.");
    }

    /// <summary>Starts one whose service reports, as preflight wants it.</summary>
    private static async Task StartOneAsync(HttpClient client, SlipwayServer server, int n)
    {
        var (id, token) = (WaitingId(n), server.OperatorToken);
        await SendAsync(client, token, $"/flags/{id}", null);
        var minute = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 60 * 60);
        await SendAsync(client, server.TelemetryToken, "/telemetry", JsonContent.Create(new
        {
            batch_id = $"{id}/1",
            service = id,
            rows = Enumerable.Range(1, 60).Select(back => new { arm = "control", start = minute.AddMinutes(-back), requests = 600, errors = 1 }),
        }));
        var due = DateTimeOffset.UtcNow.AddHours(30);
        await SendAsync(client, token, "/api/releases", new StringContent(
            string.Create(CultureInfo.InvariantCulture, $$"""
                release: { id: {{id}}, title: Waiting for its date, version: 1.{{n}}.0, declared_risk: low, start_at: {{due.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}} }
                environments: [{ name: prod }]
                flags: [{ name: {{id}}, kill_switch: true }]
                stages: [{ percentage: 5, bake: 30m }, { percentage: 100, bake: 1h }]
                telemetry: { source: embedded, service: {{id}} }
                communications: { stakeholders: [{ name: Support, email: support@example.com }] }
                """),
            new MediaTypeHeaderValue("application/yaml")));
    }

    /// <summary>Until it waits. Throws <see cref="InvalidOperationException"/> when it is over before, since another thing would be measured then.</summary>
    private static async Task WaitsAsync(HttpClient client, int n)
    {
        for (var phase = ""; phase != "waiting"; await Task.Delay(20))
        {
            var summary = await client.GetFromJsonAsync<JsonElement>($"/api/releases/{WaitingId(n)}/summary");
            phase = summary.GetProperty("phase").GetString() ?? "";
            if (phase is "failed" or "rolled_back") throw new InvalidOperationException($"{WaitingId(n)} does not wait for its date: {summary.GetProperty("why").GetString()}");
        }
    }

    private static async Task<JsonElement> SendAsync(HttpClient client, string token, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await client.SendAsync(request);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
