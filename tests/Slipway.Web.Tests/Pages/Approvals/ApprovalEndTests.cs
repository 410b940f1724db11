using System.Net;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Pages.Approvals;

/// <summary>Links that decide nothing: each has a page of its own that says what happened, and none changes anything.</summary>
public sealed class ApprovalEndTests
{
    [Fact]
    public async Task An_expired_link_says_when_and_how_it_went_on()
    {
        var world = await AskedWorld.CreateAsync();
        await world.AppendAsync(
            Given(world, AskedWorld.Lee), new CommandApplied("d1", "approved: 1 of 1"), new ApprovalEnded(world.Gate.Id, ApprovalOutcome.Approved, "approved by lee@example.com"));
        var token = world.Token(expires: ApiWorld.Start);

        await IsEndAsync(
            world, token, 410, "This link has expired", "ended at 2026-12-01 09:00:00 UTC", "lee@example.com</strong> approved", "The gate is approved", "How it stands now", "What to do next");
    }

    [Fact]
    public async Task A_used_link_says_who_decided_and_when()
    {
        var world = await AskedWorld.CreateAsync();
        await world.AppendAsync(Given(world, AskedWorld.Ada), new CommandApplied("d1", "approved: 1 of 1"));

        await IsEndAsync(world, world.Token(), 409, "You have decided already", "ada@example.com</strong> approved", "2026-12-01 09:00:00 UTC", "What to do next");
    }

    [Theory]
    [InlineData(ApprovalOutcome.Rejected, "rejected by lee@example.com: not this week", "The gate is rejected")]
    [InlineData(ApprovalOutcome.TimedOut, "release-managers did not approve", "The gate timed out at 2026-12-01 13:00:00 UTC")]
    [InlineData(ApprovalOutcome.Withdrawn, "the release stopped: rolled back", "The question was withdrawn")]
    public async Task A_link_of_a_gate_that_ended_says_how(ApprovalOutcome outcome, string reason, string said)
    {
        var world = await AskedWorld.CreateAsync();
        await world.AppendAsync(new ApprovalEnded(world.Gate.Id, outcome, reason));

        await IsEndAsync(world, world.Token(), 409, "This is decided already", said, reason, "How it stands now");
    }

    [Fact]
    public async Task A_link_of_a_release_that_is_over_says_how_it_ended()
    {
        var world = await AskedWorld.CreateAsync();
        await world.Api.EndAsync(world.Release, ReleasePhase.Failed);

        await IsEndAsync(world, world.Token(), 409, "This is decided already", "The release is over and never changes");
    }

    [Fact]
    public async Task A_superseded_link_points_to_the_newest_mail()
    {
        var world = await AskedWorld.CreateAsync();

        await IsEndAsync(world, world.Token(evidence: "e0"), 409, "This link was for older evidence", "The newest mail about this release has the link that counts", "Nobody so far");
    }

    [Fact]
    public async Task A_link_of_somebody_who_may_not_decide_says_who_may()
    {
        var world = await AskedWorld.CreateAsync();

        await IsEndAsync(world, world.Token("eve@example.com"), 403, "This is not yours to decide", "only members of release-managers do", "Ask a member of release-managers");
    }

    [Fact]
    public async Task A_browser_in_which_somebody_else_is_signed_in_is_told_whose_link_it_is()
    {
        var world = await AskedWorld.CreateAsync("critical");
        var lee = await world.SignInAsync(ApiWorld.LeeKey);

        await IsEndForAsync(
            world, world.Token(), 403, lee, "This is not yours to decide", "The link is for ada@example.com, and you are signed in as lee@example.com", "Sign in as somebody else");
    }

    [Fact]
    public async Task A_forged_and_a_cut_link_say_nothing_of_any_release()
    {
        var world = await AskedWorld.CreateAsync();
        var forged = world.Token(keys: new ApprovalKeys([new ApprovalKey("k1", [.. Enumerable.Repeat((byte)9, 32)])]));

        var first = await IsEndAsync(world, forged, 403, "This link was not signed by this server", "newest mail");
        var second = await IsEndAsync(world, world.Token()[..40], 404, "This is not a whole approval link", "Copy the whole link");
        var third = await IsEndAsync(world, world.Token(gate: "stage-9:release-managers"), 404, "Nothing like this is asked here", "Check which server");

        Assert.DoesNotContain(world.Release.Value, first, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Release.Value, second, StringComparison.Ordinal);
        Assert.Contains("stage-9:release-managers", third, StringComparison.Ordinal);
    }

    private static ApprovalDecided Given(AskedWorld world, string approver) =>
        new(new ApprovalDecision("d1", world.Gate.Id, approver, ApprovalChoice.Approve, "looks good", "e1", ApproverIdentity.Link));

    private static Task<string> IsEndAsync(AskedWorld world, string token, int status, params string[] parts) => IsEndForAsync(world, token, status, null, parts);

    private static async Task<string> IsEndForAsync(AskedWorld world, string token, int status, string? cookie, params string[] parts)
    {
        var before = (await world.Api.Ledger.ReadAsync(world.Release, 0, CancellationToken.None)).Count;
        var answer = await world.OpenAsync($"/approvals/{token}", cookie);
        var sent = await world.SendAsync(token, "reject", cookie: cookie);

        Assert.Equal((status, status), (answer.Status, sent.Status));
        var text = WebUtility.HtmlDecode(answer.Body);
        foreach (var part in parts.Append("Nothing was recorded")) Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.DoesNotContain("<form method=\"post\" action=\"/approvals", answer.Body, StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers.CacheControl.ToString());
        Assert.Equal(before, (await world.Api.Ledger.ReadAsync(world.Release, 0, CancellationToken.None)).Count);
        Assert.Empty(world.Api.Engine.Woken);
        return answer.Body;
    }
}
