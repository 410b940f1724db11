using System.Globalization;
using System.Text;
using Slipway.Core.Releases;

namespace Slipway.Embedded.Http;

/// <summary>What came back: a status, or why there was none.</summary>
internal sealed record OutboundAnswer(int? Status, double LatencyMs, string Body, string Error, string? Location = null)
{
    public bool Accepted => Status is >= 200 and <= 299;

    /// <summary>The answer in one line, for a ledger.</summary>
    public string Describe()
    {
        if (Status is not { } status) return Error;
        var start = Body.Length > 200 ? Body[..200] + "…" : Body;
        return start.Length == 0 ? $"HTTP {status}" : $"HTTP {status}: {start.ReplaceLineEndings(" ")}";
    }
}

/// <summary>
/// One exchange with somebody else's server: on the allow-list, within a time, and never more of its answer than is of use. What is told of an address is
/// what <paramref name="shown"/> makes of it.
/// </summary>
internal sealed class OutboundCall(HttpClient client, Func<Uri, bool> isAllowed, TimeProvider time, Func<Uri, string>? shown = null)
{
    private readonly Func<Uri, string> _shown = shown ?? ShownUrl.Of;

    /// <summary>Characters of a body that are kept.</summary>
    public const int KeptCharacters = 4000;

    // A larger answer is cut off there: what matters has long been said.
    private const int MaxBytes = 1024 * 1024;

    public async Task<OutboundAnswer> SendAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellation)
    {
        var url = request.RequestUri!;
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            return new OutboundAnswer(null, 0, "", $"'{_shown(url)}' is not an absolute http or https URL.");
        }

        if (!isAllowed(url)) return new OutboundAnswer(null, 0, "", $"{_shown(url)} is not on the server's allow-list of URLs; nothing was sent.");
        var begun = time.GetTimestamp();
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.RequestMessage?.RequestUri is { } last && last != url && !isAllowed(last))
            {
                return new OutboundAnswer(null, Elapsed(begun), "", $"{_shown(url)} led to {_shown(last)}, which is not on the server's allow-list of URLs.");
            }

            var body = await ReadBodyAsync(response, either.Token);
            return new OutboundAnswer((int)response.StatusCode, Elapsed(begun), body, "", LocationOf(response));
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            var why = limit.IsCancellationRequested
                ? string.Create(CultureInfo.InvariantCulture, $"no complete answer within {timeout.TotalSeconds:0.###} s")
                : error.InnerException is { } inner && !error.Message.Contains(inner.Message, StringComparison.Ordinal)
                    ? $"{error.Message} {inner.Message}"
                    : error.Message;
            return new OutboundAnswer(null, Elapsed(begun), "", $"{_shown(url)}: {why}");
        }
    }

    /// <summary>As it was sent: what is no address is left out of the headers' own property, as if nothing had been said.</summary>
    private static string? LocationOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Location", out var values) ? values.First() : null;

    private static async Task<string> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var kept = new byte[KeptCharacters * 4];
        var held = await stream.ReadAtLeastAsync(kept, kept.Length, throwOnEndOfStream: false, cancellation);
        if (held == kept.Length) await DrainAsync(stream, MaxBytes - held, cancellation);
        var text = EncodingOf(response).GetString(kept, 0, held);
        if (text.Length <= KeptCharacters) return text;
        return text[..(char.IsHighSurrogate(text[KeptCharacters - 1]) ? KeptCharacters - 1 : KeptCharacters)];
    }

    // The latency is that of the complete answer.
    private static async Task DrainAsync(Stream stream, int most, CancellationToken cancellation)
    {
        var scratch = new byte[16 * 1024];
        while (most > 0 && await stream.ReadAsync(scratch, cancellation) is > 0 and var read) most -= read;
    }

    private static Encoding EncodingOf(HttpResponseMessage response)
    {
        try
        {
            return response.Content.Headers.ContentType?.CharSet is { Length: > 0 } name ? Encoding.GetEncoding(name.Trim('"')) : Encoding.UTF8;
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }

    private double Elapsed(long begun) => time.GetElapsedTime(begun).TotalMilliseconds;
}
