using System.Text;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Requests;

public sealed class RequestHashTests
{
    [Theory]
    [InlineData("{\"telemetry\":{\"interval\":\"60s\"}}", "{\"telemetry\":{\"interval\":\"1m\"}}")]
    [InlineData("{\"guardrails\":{\"error_rate\":{\"limit\":\"0.50%\"}}}", "{\"guardrails\":{\"error_rate\":{\"limit\":0.5,\"tolerated_ratio\":1.250}}}")]
    [InlineData("{\"release\":{\"start_at\":\"2026-12-01T10:00:00+01:00\"}}", "{\"release\":{\"start_at\":\"2026-12-01T09:00Z\"}}")]
    [InlineData("{\"release\":{\"title\":\"a\",\"version\":\"1\"}}", "{\"$schema\":\"x\",\"release\":{\"version\":1,\"title\":\" a \",\"id\":\"a-1\"}}")]
    [InlineData("{\"approvals\":{\"a\":{},\"b\":{}}}", "{\"approvals\":{\"b\":{},\"a\":{\"quorum\":1}}}")]
    [InlineData("{\"operations\":{\"windows\":[\"Tue,Mon 9:00-12:00\"]}}", "{\"operations\":{\"windows\":[\"Mon-Tue 09:00-12:00 UTC\"]}}")]
    [InlineData("{\"strategy\":\"canary\"}", "{\"strategy\":null,\"stages\":[]}")]
    public void The_same_meaning_has_the_same_hash(string left, string right) =>
        Assert.Equal(RequestHash.Of(Given.Request(left)), RequestHash.Of(Given.Request(right)));

    [Theory]
    [InlineData("{\"telemetry\":{\"interval\":\"60s\"}}", "{\"telemetry\":{\"interval\":\"61s\"}}")]
    [InlineData("{\"release\":{\"title\":\"a\"}}", "{\"release\":{\"title\":\"b\"}}")]
    [InlineData("{}", "{\"telemetry\":{}}")]
    [InlineData("{\"contacts\":{\"escalation\":[\"a\",\"b\"]}}", "{\"contacts\":{\"escalation\":[\"b\",\"a\"]}}")]
    public void Another_meaning_has_another_hash(string left, string right) =>
        Assert.NotEqual(RequestHash.Of(Given.Request(left)), RequestHash.Of(Given.Request(right)));

    [Fact]
    public void The_hash_is_lower_case_hex_of_the_canonical_JSON()
    {
        var request = Given.Request(Given.Small);

        Assert.Matches("^[0-9a-f]{64}$", RequestHash.Of(request));
        Assert.StartsWith("{\"approvals\":{},\"changes\":{", Encoding.UTF8.GetString(RequestHash.CanonicalJson(request)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_stored_and_read_back_keeps_its_hash()
    {
        var request = Given.Request(Given.Small);
        var json = System.Text.Json.JsonSerializer.Serialize(request, Core.Serialization.SlipwayJson.Options);
        var again = System.Text.Json.JsonSerializer.Deserialize<ReleaseRequest>(json, Core.Serialization.SlipwayJson.Options)!;

        Assert.Equal(RequestHash.Of(request), RequestHash.Of(again));
    }
}
