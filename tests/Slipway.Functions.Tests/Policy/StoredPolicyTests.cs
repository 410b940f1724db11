using System.Text;
using System.Text.Json;
using Slipway.Functions.Composition;
using Slipway.Functions.Policy;
using Slipway.Functions.Tests.Composition;
using Slipway.Functions.Tests.Engine;
using Slipway.Workflow.Engine;

namespace Slipway.Functions.Tests.Policy;

/// <summary>The application starts and goes on whatever becomes of the server policy, and says so.</summary>
public sealed class StoredPolicyTests : IAsyncDisposable
{
    private const string Copy = "state/policy/last-good.yaml";
    private const string Good = "operators: [dana@example.com]\nallowed_urls: [https://hooks.example.com]";

    private readonly AzureWorld _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public void A_good_policy_is_kept_as_it_is_written()
    {
        _world.PutPolicy(Good);
        var adapters = _world.Open();
        Assert.Equal(Good, Encoding.UTF8.GetString(_world.Blobs[Copy]));
        Assert.Equal((PolicyOrigin.Key, "ok"), (adapters.Standing!().Origin, adapters.Standing().Words));
    }

    [Fact]
    public async Task With_a_policy_that_cannot_be_used_the_application_starts_with_the_last_good_one()
    {
        _world.PutPolicy(Good);
        _world.Open();
        _world.PutPolicy("operatorss: [mallory@example.com]\nintake: strickt");

        var adapters = _world.Open();
        Assert.Equal(["dana@example.com"], adapters.Policy().Operators);
        Assert.True(adapters.Policy().PlatformSignsIn);
        Assert.Equal(Good, Encoding.UTF8.GetString(_world.Blobs[Copy]));
        Assert.Contains("operatorss", adapters.Standing!().Details, StringComparison.Ordinal);

        var (status, health) = await AskAsync(adapters, "GET", "/health", null);
        var words = health.GetProperty("checks").GetProperty("policy").GetString()!;
        Assert.Equal((200, "degraded"), (status, health.GetProperty("status").GetString()));
        Assert.StartsWith("degraded since 20", words, StringComparison.Ordinal);
        Assert.Contains("the key slipway:policy of App Configuration has 2 problems; in force is the last good one, of 20", words, StringComparison.Ordinal);
        // Everybody may read it, and a policy holds names.
        Assert.DoesNotContain("mallory", words, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_store_that_does_not_let_it_read_the_application_starts_with_the_last_good_one()
    {
        _world.PutPolicy(Good);
        _world.Open();
        _world.Configuration.Scripted.Add(403);

        var adapters = _world.Open();
        Assert.Equal(["dana@example.com"], adapters.Policy().Operators);
        Assert.Contains("the key slipway:policy of App Configuration cannot be read; in force is the last good one", adapters.Standing!().Words, StringComparison.Ordinal);
        Assert.Contains("App Configuration Data Owner", adapters.Standing().Details, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_gone_does_not_make_the_default_policy_of_a_good_one()
    {
        _world.PutPolicy(Good);
        _world.Open();
        _world.Configuration.Delete(AzureWorld.PolicyKey);
        Assert.Equal(["dana@example.com"], _world.Open().Policy().Operators);

        // An empty one does: that is an order.
        _world.PutPolicy("");
        Assert.Empty(_world.Open().Policy().Operators);
    }

    [Fact]
    public async Task Without_a_last_good_one_nothing_starts_and_everybody_who_is_signed_in_can_take_a_release_back()
    {
        _world.PutPolicy("operatorss: []");
        var adapters = _world.Open();
        var (status, health) = await AskAsync(adapters, "GET", "/health", null);
        Assert.Equal((200, "degraded"), (status, health.GetProperty("status").GetString()));
        Assert.Contains("nothing starts, releases under way go on and can be taken back", health.GetProperty("checks").GetProperty("policy").GetString(), StringComparison.Ordinal);

        foreach (var path in (string[])["/api/releases", "/api/releases/search/retry", "/api/locks/unlock", "/api/freezes/lift", "/flags/search-v2"])
            Assert.Equal((503, "policy_unknown"), CodeOf(await AskAsync(adapters, "POST", path, "lee@example.com", "{}")));
        Assert.Equal((503, "policy_unknown"), CodeOf(await CommandAsync(adapters, "promote")));
        Assert.Equal((503, "policy_unknown"), CodeOf(await CommandAsync(adapters, "resume")));

        // There is no such release here: it is looked for.
        foreach (var command in (string[])["rollback", "abort", "pause"])
            Assert.Equal((404, "no_such_release"), CodeOf(await CommandAsync(adapters, command)));
        Assert.Equal(401, (await AskAsync(adapters, "POST", "/api/releases/search/commands", null, "{}")).Status);
    }

    [Fact]
    public void Without_a_last_good_one_the_hooks_of_releases_under_way_are_called()
    {
        _world.Configuration.Scripted.Add(403);
        _world.Blobs.Script.Add(403);
        var policy = _world.Open().Policy();
        Assert.NotNull(policy.Unknown);
        Assert.True(policy.MayCall(new Uri("https://hooks.example.com/rollback")));
        Assert.False(policy.MayCall(new Uri("ftp://hooks.example.com/rollback")));
        Assert.False(policy.MayCall(new Uri("https://user@hooks.example.com/rollback")));
    }

    [Fact]
    public async Task What_is_put_while_the_application_runs_counts_at_the_next_look()
    {
        _world.PutPolicy(Good);
        var adapters = _world.Open();
        Assert.Equal(403, (await CommandAsync(adapters, "pause")).Status);

        _world.PutPolicy("operators: [lee@example.com]");
        await adapters.LookAtPolicy!(Stop);
        Assert.Equal(404, (await CommandAsync(adapters, "pause")).Status);
        Assert.False(adapters.Policy().MayCall(new Uri("https://hooks.example.com/rollback")));
        Assert.Equal("operators: [lee@example.com]", Encoding.UTF8.GetString(_world.Blobs[Copy]));
    }

    [Fact]
    public async Task A_mistake_while_the_application_runs_changes_nothing_and_is_over_when_it_is_mended()
    {
        _world.PutPolicy(Good);
        var adapters = _world.Open();
        _world.PutPolicy("operators: 7: 8");
        await adapters.LookAtPolicy!(Stop);
        var since = adapters.Standing!().Since;
        Assert.Equal((PolicyOrigin.LastGood, "dana@example.com"), (adapters.Standing().Origin, Assert.Single(adapters.Policy().Operators)));

        _world.Configuration.Delete(AzureWorld.PolicyKey);
        await adapters.LookAtPolicy(Stop);
        Assert.Equal((PolicyOrigin.LastGood, since), (adapters.Standing().Origin, adapters.Standing().Since));
        Assert.Contains("is missing", adapters.Standing().Words, StringComparison.Ordinal);

        _world.PutPolicy(Good);
        await adapters.LookAtPolicy(Stop);
        Assert.Equal((PolicyOrigin.Key, "ok"), (adapters.Standing().Origin, adapters.Standing().Words));
    }

    [Fact]
    public async Task A_policy_that_was_unknown_is_known_again_by_itself()
    {
        _world.PutPolicy("operatorss: []");
        var adapters = _world.Open();
        Assert.NotNull(adapters.Policy().Unknown);
        _world.Configuration.Delete(AzureWorld.PolicyKey);
        await adapters.LookAtPolicy!(Stop);
        Assert.Equal(PolicyOrigin.NoKey, adapters.Standing!().Origin);
        Assert.Null(adapters.Policy().Unknown);
    }

    [Fact]
    public async Task A_copy_that_could_not_be_kept_is_told_and_tried_again()
    {
        _world.PutPolicy(Good);
        _world.Blobs.Script.Add(403);
        var adapters = _world.Open();
        Assert.Equal((PolicyOrigin.Key, "ok, but no copy of it could be kept"), (adapters.Standing!().Origin, adapters.Standing().Words));
        await adapters.LookAtPolicy!(Stop);
        Assert.Equal(("ok", Good), (adapters.Standing().Words, Encoding.UTF8.GetString(_world.Blobs[Copy])));
    }

    [Fact]
    public async Task A_url_that_the_policy_does_not_name_any_more_is_not_called_any_more()
    {
        _world.PutPolicy("allowed_urls: [\"http://*.example.test\"]");
        var adapters = _world.Open();
        var url = new Uri("http://hooks.example.test/");
        Assert.DoesNotContain("allow-list", (await adapters.Ports.Probe.GetAsync(url, TimeSpan.FromSeconds(5), Stop)).Error, StringComparison.Ordinal);
        _world.PutPolicy("allowed_urls: [\"http://*.example.com\"]");
        await adapters.LookAtPolicy!(Stop);
        Assert.Contains("allow-list", (await adapters.Ports.Probe.GetAsync(url, TimeSpan.FromSeconds(5), Stop)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_counts_only_on_one_machine_is_left_out_and_said()
    {
        _world.PutPolicy($"inline_approvers: true\nkeys: [{{ name: lee@example.com, roles: [viewer, approver], sha256: {new string('a', 64)} }}]");
        var adapters = _world.Open(changes: ("WEBSITE_AUTH_ENABLED", null));
        Assert.Empty(adapters.Policy().Keys);
        Assert.False(adapters.Policy().InlineApprovers);
        // A release that wants approvers who sign in is refused at its start, and does not wait for one who never can.
        Assert.False(adapters.Policy().CanSignIn("lee@example.com"));

        var (_, health) = await AskAsync(adapters, "GET", "/health", null);
        Assert.Equal("ok; on this platform these parts of it have no effect: keys (1) and inline_approvers", health.GetProperty("checks").GetProperty("policy").GetString());
        Assert.Equal("ok", health.GetProperty("status").GetString());

        // Also of the last good one.
        _world.PutPolicy("operatorss: []");
        Assert.Equal("keys (1) and inline_approvers", _world.Open().Standing!().Ignored);
    }

    private static Task<(int Status, JsonElement Json)> CommandAsync(SlipwayAdapters adapters, string command) =>
        AskAsync(adapters, "POST", "/api/releases/search/commands", "lee@example.com", $$"""{"kind":"{{command}}","reason":"for the test"}""");

    private static async Task<(int Status, JsonElement Json)> AskAsync(SlipwayAdapters adapters, string method, string path, string? person, string? body = null)
    {
        await using var host = await InProcessHost.StartAsync(new WorkflowRegistry());
        return await AzureWorld.AskAsync(AzureWorld.App(adapters), host, method, path, person, body);
    }

    private static (int Status, string? Code) CodeOf((int Status, JsonElement Json) answer) => (answer.Status, answer.Json.GetProperty("type").GetString()?.Split(':')[^1]);
}
