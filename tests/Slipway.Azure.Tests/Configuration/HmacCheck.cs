using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.Azure.Tests.Configuration;

/// <summary>Checks the signature of a request to App Configuration.</summary>
internal sealed record HmacCheck(string Id, byte[] Secret)
{
    public bool Accepts(HttpRequest request, string target, byte[] body)
    {
        var hash = Convert.ToBase64String(SHA256.HashData(body));
        var date = request.Headers["x-ms-date"] is [{ } stated] ? stated : request.Headers.Date.ToString();
        if (request.Headers["x-ms-content-sha256"] != hash || !DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, out _)) return false;
        var signed = request.Headers["x-ms-date"].Count > 0 ? "x-ms-date" : "date";
        var text = $"{request.Method}\n{target}\n{date};{request.Host.Value};{hash}";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Secret, Encoding.ASCII.GetBytes(text)));
        return request.Headers.Authorization == $"HMAC-SHA256 Credential={Id}&SignedHeaders={signed};host;x-ms-content-sha256&Signature={signature}";
    }
}
