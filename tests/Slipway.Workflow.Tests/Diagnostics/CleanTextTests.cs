using Slipway.Workflow.Diagnostics;

namespace Slipway.Workflow.Tests.Diagnostics;

public sealed class CleanTextTests
{
    private const string Token = "eyJyZWxlYXNlIjoic2VhcmNoLWluZGV4LXYyIn0.Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MTI";

    [Theory]
    [InlineData("error rate 8.1 % over 1,200 requests, limit 1 %", "error rate 8.1 % over 1,200 requests, limit 1 %")]
    [InlineData("asked for by dana.lee+ops@mail.example.com: too slow", "asked for by (address): too slow")]
    [InlineData("503 from https://user:pw@deploy.example.com:8443/hooks/9?code=abc, expected 2xx", "503 from https://deploy.example.com:8443, expected 2xx")]
    [InlineData($"see http://127.0.0.1:5180/approvals/{Token}", "see http://127.0.0.1:5180")]
    [InlineData($"slipway approve {Token} was used", "slipway approve (secret) was used")]
    [InlineData("sent Authorization: Bearer abc.def", "sent Authorization: Bearer (secret)")]
    [InlineData("flag search-v2@prod is at 5 %, Slipway left it at 25 %", "flag search-v2@prod is at 5 %, Slipway left it at 25 %")]
    [InlineData("two\r\nlines", "two lines")]
    [InlineData("", "")]
    public void Only_what_people_on_call_need_stays(string text, string clean) => Assert.Equal(clean, CleanText.Of(text));

    [Fact]
    public void Long_texts_are_cut() => Assert.Equal(CleanText.Longest, CleanText.Of(new string('x', 100_000)).Length);
}
