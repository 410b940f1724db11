using Slipway.Core.Approvals;
using Slipway.Core.Releases;

namespace Slipway.Core.Tests.Approvals;

public class ApprovalTokenTests
{
    private static readonly DateTimeOffset Expiry = new(2026, 12, 1, 13, 0, 0, TimeSpan.Zero);
    private static readonly ApprovalClaim Claim = new(ReleaseId.Parse("search-2.4.0"), "start:team", "ada@example.com", "ab12", Expiry, "n1");
    private static readonly ApprovalKey Old = Key("old", 1);
    private static readonly ApprovalKey New = Key("new", 2);

    [Fact]
    public void Verify_OwnToken_GivesItsClaimUntilItExpires()
    {
        var keys = new ApprovalKeys([New]);
        var token = ApprovalToken.Sign(Claim, keys);

        Assert.Equal(new ApprovalTokenCheck.Valid(Claim), ApprovalToken.Verify(token, keys, Expiry.AddMilliseconds(-1)));
        Assert.Equal(new ApprovalTokenCheck.Expired(Claim), ApprovalToken.Verify(token, keys, Expiry));
        Assert.Equal(token, ApprovalToken.Sign(Claim, keys));
        Assert.Matches(@"\A[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\z", token);
    }

    [Fact]
    public void Verify_AfterRotation_AcceptsTheOlderKeyAndSignsWithTheNewer()
    {
        var before = ApprovalToken.Sign(Claim, new ApprovalKeys([Old]));
        var rotated = new ApprovalKeys([New, Old]);

        Assert.IsType<ApprovalTokenCheck.Valid>(ApprovalToken.Verify(before, rotated, Expiry.AddHours(-1)));
        Assert.Equal(ApprovalToken.Sign(Claim, new ApprovalKeys([New])), ApprovalToken.Sign(Claim, rotated));
        Assert.IsType<ApprovalTokenCheck.Forged>(ApprovalToken.Verify(before, new ApprovalKeys([New]), Expiry.AddHours(-1)));
    }

    [Fact]
    public void Verify_AnyChangedPayload_IsForgedAlsoWhenItHasExpired()
    {
        var keys = new ApprovalKeys([New]);
        var signature = ApprovalToken.Sign(Claim, keys).Split('.')[1];
        foreach (var other in new[]
        {
            Claim with { Release = ReleaseId.Parse("other") }, Claim with { Gate = "stage-2:team" }, Claim with { Approver = "eve@example.com" },
            Claim with { EvidenceHash = "ab13" }, Claim with { ExpiresAt = Expiry.AddDays(1) }, Claim with { Nonce = "n2" },
        })
        {
            var forged = $"{ApprovalToken.Sign(other, keys).Split('.')[0]}.{signature}";
            Assert.IsType<ApprovalTokenCheck.Forged>(ApprovalToken.Verify(forged, keys, Expiry.AddHours(-1)));
            Assert.IsType<ApprovalTokenCheck.Forged>(ApprovalToken.Verify(forged, keys, Expiry.AddYears(1)));
        }
    }

    [Fact]
    public void Verify_SameIdOtherSecret_IsForged() => Assert.IsType<ApprovalTokenCheck.Forged>(
        ApprovalToken.Verify(ApprovalToken.Sign(Claim, new ApprovalKeys([Key("k", 1)])), new ApprovalKeys([Key("k", 2)]), Expiry.AddHours(-1)));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("abc")]
    [InlineData("a.b.c")]
    [InlineData("%%%.%%%")]
    [InlineData("WyJ2MSJd.AAAA")]
    [InlineData("bm90IGpzb24.AAAA")]
    [InlineData("bnVsbA.AAAA")]
    public void Verify_WhatIsNoToken_IsMalformed(string token) =>
        Assert.IsType<ApprovalTokenCheck.Malformed>(ApprovalToken.Verify(token, new ApprovalKeys([New]), Expiry));

    [Fact]
    public void Verify_EveryCutToken_IsNeverValid()
    {
        var keys = new ApprovalKeys([New]);
        var token = ApprovalToken.Sign(Claim, keys);
        for (var length = 0; length < token.Length; length++)
            Assert.False(ApprovalToken.Verify(token[..length], keys, Expiry.AddHours(-1)) is ApprovalTokenCheck.Valid, $"cut at {length}");
    }

    [Fact]
    public void Keys_ShortSecretNoKeyOrTwiceTheSameId_IsABug()
    {
        Assert.Throws<ArgumentException>(() => new ApprovalKey("k", new byte[31]));
        Assert.Throws<ArgumentException>(() => new ApprovalKeys([]));
        Assert.Throws<ArgumentException>(() => new ApprovalKeys([Key("k", 1), Key("k", 2)]));
    }

    private static ApprovalKey Key(string id, byte fill) => new(id, [.. Enumerable.Repeat(fill, 32)]);
}
