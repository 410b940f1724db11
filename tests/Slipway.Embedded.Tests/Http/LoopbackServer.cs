using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Embedded.Tests.Http;

/// <summary>
/// A server on a loopback port that answers each request with the bytes it was told, however wrong they are, and closes; it keeps what it
/// was sent. An answer of null: it reads the request and stays silent.
/// </summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<string, string?> _answer;
    private readonly Task _loop;

    public LoopbackServer(Func<string, string?> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = RunAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public List<string> Requests { get; } = [];

    /// <summary>Completes when the first request was read.</summary>
    public Task Asked => _asked.Task;

    public static LoopbackServer Answering(string status, string body = "", string headers = "") =>
        new(_ => $"HTTP/1.1 {status}\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _listener.Stop();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or IOException)
        {
            // The test is over, or the client went away first, as it may.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var request = await ReadRequestAsync(stream);
        Requests.Add(request);
        _asked.TrySetResult();
        if (_answer(request) is { } answer) await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _end.Token);
        else await Task.Delay(Timeout.Infinite, _end.Token);
    }

    private async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        var buffer = new byte[64 * 1024];
        var read = 0;
        while (true)
        {
            read += await stream.ReadAsync(buffer.AsMemory(read), _end.Token);
            var text = Encoding.UTF8.GetString(buffer, 0, read);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) continue;
            var length = text.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
            if (length is null || Encoding.UTF8.GetByteCount(text[(end + 4)..]) >= int.Parse(length["Content-Length: ".Length..], null)) return text;
        }
    }
}
