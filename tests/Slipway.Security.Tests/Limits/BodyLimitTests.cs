using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Slipway.Cli.Hosting;

namespace Slipway.Security.Tests.Limits;

/// <summary>A real server on loopback, and callers who send too much, too deep, or hardly anything.</summary>
public sealed class BodyLimitTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-limits-").FullName;
    private SlipwayServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await SlipwayServer.StartAsync(new SlipwayServerOptions { DataDirectory = _folder, Port = 0 }, Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("/api/releases", "application/yaml")]
    [InlineData("/api/releases", "application/json")]
    [InlineData("/api/releases/validate", "application/yaml")]
    [InlineData("/api/releases/x/commands", "application/json")]
    [InlineData("/api/releases/x/signals", "application/json")]
    [InlineData("/approvals/a.b", "application/json")]
    [InlineData("/approvals/a.b", "application/x-www-form-urlencoded")]
    [InlineData("/telemetry", "application/json")]
    [InlineData("/sign-in", "application/x-www-form-urlencoded")]
    [InlineData("/start", "application/x-www-form-urlencoded")]
    public async Task A_body_of_100_MB_is_refused_before_it_is_sent(string path, string type)
    {
        using var socket = await ConnectAsync();
        await WriteAsync(socket, Head(path, type, $"Content-Length: {100L * 1024 * 1024}"));

        // Not a byte of the body was sent.
        Assert.StartsWith("HTTP/1.1 413", await StatusAsync(socket), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/releases", "application/yaml")]
    [InlineData("/telemetry", "application/json")]
    [InlineData("/approvals/a.b", "application/x-www-form-urlencoded")]
    public async Task A_body_that_does_not_say_how_long_it_is_is_refused_where_it_gets_too_long(string path, string type)
    {
        using var socket = await ConnectAsync();
        await WriteAsync(socket, Head(path, type, "Transfer-Encoding: chunked"));
        var answer = StatusAsync(socket);
        var chunk = $"4000\r\n{new string('a', 0x4000)}\r\n";
        var sent = 0L;
        try
        {
            while (!answer.IsCompleted && sent < 100L * 1024 * 1024)
            {
                await WriteAsync(socket, chunk);
                sent += chunk.Length;
            }
        }
        catch (IOException)
        {
            // The server has closed the connection: it answered.
        }

        Assert.StartsWith("HTTP/1.1 413", await answer, StringComparison.Ordinal);

        // What is under way in buffers was sent too; it is far from everything.
        Assert.InRange(sent, 0, 64L * 1024 * 1024);
    }

    [Fact]
    public async Task A_head_that_is_too_long_is_refused()
    {
        using var socket = await ConnectAsync();
        await WriteAsync(socket, Head("/health", "text/plain", $"X-Much: {new string('a', 40_000)}"));

        Assert.StartsWith("HTTP/1.1 431", await StatusAsync(socket), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "[", "]", 60_000)]
    [InlineData("application/json", "{\"a\":", "}", 30_000)]
    [InlineData("application/yaml", "[", "]", 60_000)]
    [InlineData("application/yaml", "- ", "", 60_000)]
    [InlineData("application/yaml", "{a: ", "}", 30_000)]
    public async Task A_document_that_is_too_deep_is_a_problem_with_its_place(string type, string open, string close, int depth)
    {
        var answer = await PostAsync(type, string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth)));

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("at most 32 levels", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_YAML_bomb_is_refused_at_its_first_anchor()
    {
        var bomb = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (var level = 1; level < 30; level++) bomb.Append(CultureInfo.InvariantCulture, $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n");

        var answer = await PostAsync("application/yaml", bomb.ToString());

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("anchors are not supported", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_still_answers_while_many_send_nothing()
    {
        var silent = new List<TcpClient>();
        try
        {
            for (var one = 0; one < 200; one++)
            {
                var socket = await ConnectAsync();
                silent.Add(socket);
                await WriteAsync(socket, one % 2 == 0 ? "POST /api/releases HTTP/1.1\r\nHo" : Head("/api/releases", "application/yaml", "Content-Length: 1000") + "a");
            }

            using var client = new HttpClient();
            Assert.Equal(200, (int)(await client.GetAsync(new Uri(_server.Url, "/health"), Cancellation)).StatusCode);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public void Who_sends_slowly_is_cut_off()
    {
        var limits = new KestrelServerLimits();
        ServerLimits.Apply(limits);

        Assert.Equal((15, 1_000L, 2 * 1024 * 1024L), (limits.RequestHeadersTimeout.TotalSeconds, limits.MaxConcurrentConnections, limits.MaxRequestBodySize));
        Assert.Equal((240.0, 5.0), (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinRequestBodyDataRate.GracePeriod.TotalSeconds));
        Assert.Equal((240.0, 5.0), (limits.MinResponseDataRate!.BytesPerSecond, limits.MinResponseDataRate.GracePeriod.TotalSeconds));
    }

    private async Task<HttpResponseMessage> PostAsync(string type, string body)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Url, "/api/releases/validate")) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new(type);
        request.Headers.Authorization = new("Bearer", _server.OperatorToken);
        return await client.SendAsync(request, Cancellation);
    }

    private string Head(string path, string type, string more) =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nAuthorization: Bearer {(path == "/telemetry" ? _server.TelemetryToken : _server.OperatorToken)}\r\nContent-Type: {type}\r\n{more}\r\n\r\n";

    private async Task<TcpClient> ConnectAsync()
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(_server.Url.Host, _server.Url.Port, Cancellation);
        return socket;
    }

    private static async Task WriteAsync(TcpClient socket, string text) => await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation);

    private static async Task<string> StatusAsync(TcpClient socket)
    {
        using var reader = new StreamReader(socket.GetStream(), Encoding.ASCII, leaveOpen: true);
        return await reader.ReadLineAsync(Cancellation) ?? "";
    }
}
