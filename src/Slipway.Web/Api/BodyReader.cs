using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Api;

/// <summary>Reads request bodies within limits.</summary>
internal static class BodyReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The media type of the body in lower case, without parameters; empty when none is stated.</summary>
    public static string MediaType(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? type.MediaType?.ToLowerInvariant() ?? "" : "";

    /// <summary>The bytes of the body; null when there are more than <paramref name="limit"/>.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
            return null;
        using var collected = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            // A chunked body states no length, so the limit counts what really comes.
            if (collected.Length + read > limit)
                return null;
            collected.Write(buffer, 0, read);
        }

        return collected.ToArray();
    }

    /// <summary>The text of UTF-8 bytes without a byte order mark; null when they are not UTF-8.</summary>
    public static string? Text(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
