using System.Net.Sockets;
using System.Text;
using Slipway.Cli.Hosting;

namespace Slipway.Security.Tests.Limits;

/// <summary>
/// A real server on loopback, and callers who begin a request and then send nothing more. Only its patience is shorter than the product's
/// (<see cref="BodyLimitTests.Who_sends_slowly_is_cut_off"/>). What is awaited is the server's answer and its end of the connection.
/// </summary>
public sealed class SlowRequestTests : IAsyncLifetime
{
    /// <summary>Far beyond the server's patience: only a server that never cuts anybody off reaches it.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-slow-").FullName;
    private SlipwayServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await SlipwayServer.StartAsync(
        new SlipwayServerOptions
        {
            DataDirectory = _folder,
            Port = 0,
            Limits = limits => ServerLimits.Apply(limits, longestHead: TimeSpan.FromMilliseconds(200), grace: TimeSpan.FromMilliseconds(1_001)),
        },
        Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("/api/releases", "application/yaml")]
    [InlineData("/api/releases/x/commands", "application/json")]
    [InlineData("/telemetry", "application/json")]
    [InlineData("/sign-in", "application/x-www-form-urlencoded")]
    public async Task One_byte_of_a_body_and_nothing_more_is_cut_off(string path, string type)
    {
        var token = path == "/telemetry" ? _server.TelemetryToken : _server.OperatorToken;

        var answer = await AllAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: {type}\r\nContent-Length: 1000\r\n\r\na");

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST /api/rel")]
    [InlineData("POST /api/releases HTTP/1.1\r\nHo")]
    [InlineData("POST /api/releases HTTP/1.1\r\nHost: localhost\r\n")]
    public async Task Half_a_head_and_nothing_more_is_cut_off(string head)
    {
        var answer = await AllAsync(head);

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
    }

    /// <summary>Sends what is there and reads what the server answers, until the server ends the connection.</summary>
    private async Task<string> AllAsync(string sent)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Never);
        using var socket = new TcpClient();
        await socket.ConnectAsync(_server.Url.Host, _server.Url.Port, limit.Token);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(sent), limit.Token);
        using var reader = new StreamReader(socket.GetStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync(limit.Token);
    }
}
