using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Api;

public sealed class LockTests
{
    private readonly ApiWorld _world = new();

    private Task<ApiAnswer> UnlockAsync(string json) => _world.SendAsync("POST", "/api/locks/unlock", json, "application/json");

    private async Task<ReleaseId> HoldAsync(bool exposed)
    {
        var release = await _world.StartSampleAsync();
        _world.Locks.Holders["flag:search-v2"] = release;
        if (exposed)
        {
            await _world.AppendAsync(
                release, new StateCaptured([], []), new EffectIntended("shift:0:search-v2", EffectKind.Flag, "search-v2", "to 5 %"));
        }

        return release;
    }

    [Fact]
    public async Task List_NamesResourceHolderSinceAndPhase()
    {
        var release = await HoldAsync(false);

        var held = Assert.Single((await _world.SendAsync("GET", "/api/locks")).Json.GetProperty("locks").EnumerateArray());

        Assert.Equal("flag:search-v2", held.GetProperty("resource").GetString());
        Assert.Equal(release.Value, held.GetProperty("holder").GetString());
        Assert.Equal(InMemoryLocks.Since, held.GetProperty("since").GetDateTimeOffset());
        Assert.Equal("received", held.GetProperty("phase").GetString());
    }

    [Fact]
    public async Task Unlock_OfAReleaseThatExposesNobody_FreesTheLockAndRecordsWhoAndWhy()
    {
        var release = await HoldAsync(false);

        var answer = await UnlockAsync("""{ "resource": "flag:search-v2", "reason": "left behind" }""");

        Assert.Equal((200, release.Value), (answer.Status, answer.Json.GetProperty("release").GetString()));
        Assert.Empty(_world.Locks.Holders);
        var revoked = Assert.Single((await _world.Ledger.ReadAsync(release, 0, default)).Select(entry => entry.Read()).OfType<LockRevoked>());
        Assert.Equal(new LockRevoked("flag:search-v2", "otto", "left behind", false), revoked);
        Assert.Equal([release], _world.Engine.Woken);
    }

    [Fact]
    public async Task Unlock_OfAnExposedRelease_NeedsForce()
    {
        var release = await HoldAsync(true);

        var refused = (await UnlockAsync("""{ "resource": "flag:search-v2", "reason": "in the way" }""")).Problem(409, "lock_in_use");
        Assert.Equal(release.Value, refused.GetProperty("release_id").GetString());
        Assert.Single(_world.Locks.Holders);

        Assert.Equal(200, (await UnlockAsync("""{ "resource": "flag:search-v2", "reason": "in the way", "force": true }""")).Status);
        Assert.Empty(_world.Locks.Holders);
    }

    [Fact]
    public async Task Unlock_OfSomethingThatNobodyHolds_SaysWhatIsHeld()
    {
        await HoldAsync(false);

        var problem = (await UnlockAsync("""{ "resource": "flag:serach-v2", "reason": "typo" }""")).Problem(404, "no_such_lock");

        Assert.Contains("flag:search-v2", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "resource": "flag:a" }""", "reason")]
    [InlineData("""{ "resource": "flag:a", "reason": " " }""", "reason")]
    [InlineData("""{ "reason": "why" }""", "resource")]
    [InlineData("""{ "resource": "flag:a", "reason": "why", "force": "yes" }""", "force")]
    [InlineData("""{ "resource": "flag:a", "reason": "why", "forced": true }""", "forced")]
    [InlineData("[]", "")]
    [InlineData("{", "")]
    public async Task Unlock_ThatIsNotValid_IsRefusedWithThePlace(string json, string path)
    {
        var problem = (await UnlockAsync(json)).Problem(400, "invalid_input");

        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => error.GetProperty("path").GetString() == path);
    }
}
