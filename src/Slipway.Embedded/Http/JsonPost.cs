using System.Text;

namespace Slipway.Embedded.Http;

/// <summary>A JSON POST that carries a stable key, so that the other side can tell a repetition.</summary>
internal static class JsonPost
{
    public static HttpRequestMessage To(Uri url, string json, string idempotencyKey)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("User-Agent", "slipway");
        if (idempotencyKey.Any(character => character is < ' ' or > '~')
            || !request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey))
        {
            request.Dispose();
            throw new ArgumentException($"'{idempotencyKey}' cannot stand in a header; expected printable ASCII.", nameof(idempotencyKey));
        }

        return request;
    }
}
