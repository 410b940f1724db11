using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Cli.Hosting;

namespace Slipway.Cli.Tests.Hosting;

/// <summary>What the standard variables of OpenTelemetry make a server do.</summary>
public sealed class TelemetryExportTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_WithAnOtlpEndpoint_SendsSpansMetricsAndEventsOfARelease()
    {
        using var data = new TemporaryData();
        await using var collector = new Collector();
        var variables = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "api-key=collector-secret",
            ["OTEL_SERVICE_NAME"] = "slipway-under-test",
        };
        await using (var server = await SlipwayServer.StartAsync(new SlipwayServerOptions { DataDirectory = data.Path, Port = 0, Variable = variables.GetValueOrDefault }, Stop))
        {
            await StartAsync(server);
            // The orchestration's first moves; what they tell is sent when the server stops, at the latest.
            await Deadline.UntilAsync(() => HasBegunAsync(server), "the release begins", Stop);
        }

        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], collector.Paths.Distinct().Order());
        Assert.All(collector.Requests, request => Assert.Contains("api-key: collector-secret", request.Head, StringComparison.OrdinalIgnoreCase));
        Assert.All(collector.Requests, request => Assert.Contains("slipway-under-test", request.Body, StringComparison.Ordinal));
        Assert.Contains("release.load.v1", collector.BodyOf("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("slipway.releases.started", collector.BodyOf("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("slipway.release.started", collector.BodyOf("/v1/logs"), StringComparison.Ordinal);
        Assert.DoesNotContain("example.com", string.Concat(collector.Requests.Select(request => request.Body)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_WithoutOne_HasNoListener()
    {
        using var data = new TemporaryData();
        await using var server = await SlipwayServer.StartAsync(new SlipwayServerOptions { DataDirectory = data.Path, Port = 0 }, Stop);
        Assert.Null(TelemetryExport.Start(static _ => null));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "", false)]
    [InlineData("OTEL_SERVICE_NAME", "slipway", false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9", true)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://127.0.0.1:9", true)]
    public async Task An_endpoint_is_what_turns_it_on(string name, string value, bool on)
    {
        var export = TelemetryExport.Start(asked => asked == name ? value : null);
        Assert.Equal(on, export is not null);
        if (export is not null) await export.DisposeAsync();
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "TRUE")]
    [InlineData("OTEL_TRACES_EXPORTER", "none")]
    public void It_can_be_turned_off_with_the_endpoint_set(string name, string value) => Assert.Null(TelemetryExport.Start(asked =>
        asked == name ? value : asked is "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" ? "http://127.0.0.1:9" : null));

    private static async Task StartAsync(SlipwayServer server)
    {
        using var client = Client(server);
        using var flag = await client.PostAsync("/flags/search-v2", Json(""), Stop);
        Assert.Equal(HttpStatusCode.Created, flag.StatusCode);
        using var started = await client.PostAsync("/api/releases", Json("""
            { "release": { "id": "search-2.4.0", "title": "Streaming search indexer", "version": "2.4.0", "declared_risk": "low" },
              "environments": [{ "name": "prod" }],
              "flags": [{ "name": "search-v2", "kill_switch": true }],
              "stages": [{ "percentage": 5, "bake": "30m" }, { "percentage": 100, "bake": "2h" }],
              "telemetry": { "source": "embedded" },
              "communications": { "stakeholders": [{ "name": "Support", "email": "support@example.com" }] } }
            """), Stop);
        Assert.True(started.StatusCode == HttpStatusCode.Created, await started.Content.ReadAsStringAsync(Stop));
    }

    private static async Task<bool> HasBegunAsync(SlipwayServer server)
    {
        using var client = Client(server);
        return (await client.GetStringAsync("/api/releases/search-2.4.0/ledger", Stop)).Contains("phase.entered.v1", StringComparison.Ordinal);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static HttpClient Client(SlipwayServer server)
    {
        var client = new HttpClient { BaseAddress = server.Url };
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.OperatorToken);
        return client;
    }

    /// <summary>Takes what exporters send, and keeps it.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private readonly List<(string Head, string Body)> _requests = [];
        private readonly List<Task> _connections = [];
        private readonly Task _loop;

        public Collector()
        {
            _listener.Start();
            _loop = AcceptAsync();
        }

        public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

        public IReadOnlyList<(string Head, string Body)> Requests
        {
            get
            {
                lock (_requests) return [.. _requests];
            }
        }

        public IEnumerable<string> Paths => Requests.Select(request => request.Head.Split(' ')[1]);

        public string BodyOf(string path) => string.Concat(Requests.Where(request => request.Head.Split(' ')[1] == path).Select(request => request.Body));

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _loop;
            await Task.WhenAll(_connections);
            _listener.Dispose();
            _end.Dispose();
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true) _connections.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }

        private async Task AnswerAsync(TcpClient accepted)
        {
            using var client = accepted;
            var stream = client.GetStream();
            try
            {
                // Bytes as characters: names are ASCII in protobuf too.
                var text = new StringBuilder();
                var buffer = new byte[8192];
                while (true)
                {
                    var headEnd = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
                    if (headEnd >= 0)
                    {
                        var head = text.ToString(0, headEnd);
                        var length = int.Parse(head.Split('\n').Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
                        if (text.Length >= headEnd + 4 + length)
                        {
                            lock (_requests) _requests.Add((head, text.ToString(headEnd + 4, length)));
                            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _end.Token);
                            return;
                        }
                    }

                    var read = await stream.ReadAsync(buffer, _end.Token);
                    if (read == 0) return;
                    text.Append(Encoding.Latin1.GetString(buffer, 0, read));
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
                // The test is over, or the exporter went away.
            }
        }
    }
}
