using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Web.Api;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Api;

/// <summary>What a caller sends, or a store says, makes no line of its own in the log, and no colour on the terminal of who reads it.</summary>
public sealed class LogForgingTests
{
    private readonly ApiWorld _world = new();

    [Theory]
    [InlineData("/api/releases/x/documents/a\r\n2026-12-01 ERROR everything was deleted")]
    [InlineData("/api/releases/x/documents/a\u0085next\u2028line")]
    [InlineData("/api/releases/x/documents/\u001b[2J\u001b[31mred")]
    [InlineData("/api/releases/x/documents/\u202Etxt")]
    public async Task A_path_stays_on_its_line(string path)
    {
        var line = await LineAsync(path);

        Assert.DoesNotContain(line, letter => char.IsControl(letter) || letter is '\u2028' or '\u202E');
    }

    [Theory]
    [InlineData("a\r\nERROR b\u001b[31m", "a ERROR b [31m")]
    [InlineData("a\u0085b\u2028c", "a b c")]
    [InlineData("the store at https://store.example.com/ledgers?sig=abc refused ada@example.com", "the store at https://store.example.com refused (address)")]
    public async Task What_a_store_says_of_itself_stays_on_the_line_too(string text, string logged)
    {
        _world.Ledger.DownText = text;

        var line = await LineAsync("/api/releases/x/documents/a");

        Assert.EndsWith($"could not be carried out: ledger: {logged}", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line, letter => char.IsControl(letter) || letter is '\u2028');
    }

    /// <summary>The one line that a request leaves in the log while the ledger is down.</summary>
    private async Task<string> LineAsync(string path)
    {
        _world.Ledger.Down = true;
        var lines = new List<string>();
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Host, context.Request.Path) = ("GET", new HostString("localhost"), path);
        context.Request.Headers.Authorization = $"Bearer {ApiWorld.OperatorToken}";
        await new ApiDispatcher(_world.Services, new Lines(lines)).HandleAsync(context);
        return Assert.Single(lines);
    }

    private sealed class Lines(List<string> lines) : ILogger<ApiDispatcher>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));
    }
}
