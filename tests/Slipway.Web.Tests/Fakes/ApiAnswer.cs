using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Tests.Fakes;

/// <summary>What the API answered.</summary>
internal sealed record ApiAnswer(int Status, IHeaderDictionary Headers, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Asserts a complete problem of the kind and gives its JSON.</summary>
    public JsonElement Problem(int status, string kind)
    {
        Assert.True(Status == status, $"{Status}: {Body}");
        Assert.StartsWith("application/problem+json", Headers.ContentType.ToString(), StringComparison.Ordinal);
        Assert.Equal($"urn:slipway:problem:{kind}", Json.GetProperty("type").GetString());
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        foreach (var member in new[] { "title", "detail", "fix", "id", "instance" })
            Assert.False(string.IsNullOrWhiteSpace(Json.GetProperty(member).GetString()), member);
        return Json;
    }
}
