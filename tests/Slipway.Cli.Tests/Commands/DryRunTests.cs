using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Decisions;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Tests.Commands;

/// <summary>A dry run says what would be, as far as the server knows, and the server knows nothing of it afterwards.</summary>
public sealed class DryRunTests : IDisposable
{
    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("report complaints --count 12", "12 more complaints count in this stage")]
    [InlineData("report incident --severity security", "every user returns to the old version at once")]
    [InlineData("report incident --severity critical", "or the release is held and people are asked")]
    [InlineData("report incident --severity moderate", "recorded as a warning")]
    [InlineData("report data-loss", "every user returns to the old version at once")]
    [InlineData("report outage", "every user returns to the old version at once")]
    [InlineData("report observation --text slow", "deployment log; nothing else changes")]
    [InlineData("report done --task verify", "the task verify is ticked off")]
    [InlineData("report lesson", "kept with the release")]
    [InlineData("answer e1 confirm", "every user returns to the old version, and the release is over")]
    [InlineData("answer e1 dismiss", "the release goes on by itself")]
    public async Task Of_what_a_release_is_told_it_says_the_consequence_and_records_nothing(string line, string consequence)
    {
        var release = await AskedAsync();
        var words = line.Split(' ', 2);
        var before = (await _world.Api.Ledger.ReadAsync(release, 0, Stop)).Count;

        var plain = await _world.RunAsync($"{words[0]} {release} {words[1]} --dry-run");
        var json = await _world.RunAsync($"{words[0]} {release} {words[1]} --dry-run --json");

        Assert.Equal(ExitCodes.Done, plain.Code);
        Assert.StartsWith($"{release} is received at 0 % of users; {words[0]} ", plain.Output, StringComparison.Ordinal);
        Assert.Contains(consequence, plain.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent.", plain.Error, StringComparison.Ordinal);
        Assert.False(JsonDocument.Parse(json.Output).RootElement.GetProperty("sent").GetBoolean());
        Assert.Contains(consequence, JsonDocument.Parse(json.Output).RootElement.GetProperty("consequence").GetString()!, StringComparison.Ordinal);
        Assert.Equal(before, (await _world.Api.Ledger.ReadAsync(release, 0, Stop)).Count);
    }

    [Theory]
    [InlineData("answer {0} e9 confirm", "e9 is not open; open is: e1")]
    [InlineData("retry {0}", "only one that was rolled back or failed can be tried again")]
    [InlineData("unlock flag:held --reason stuck", "--force takes it away, and the release is then held")]
    public async Task What_would_be_refused_ends_as_it_would(string line, string why)
    {
        var release = await AskedAsync();
        _world.Api.Locks.Holders["flag:held"] = await ExposedAsync();

        var run = await _world.RunAsync($"{line.Replace("{0}", release.Value, StringComparison.Ordinal)} --dry-run");

        Assert.Equal((ExitCodes.Conflict, ""), (run.Code, run.Output));
        Assert.Contains("would be refused", run.Error, StringComparison.Ordinal);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_ended_release_reports_would_be_refused_and_lessons_kept()
    {
        var release = await AskedAsync();
        await _world.Api.EndAsync(release, ReleasePhase.RolledBack);

        Assert.Equal(ExitCodes.Conflict, (await _world.RunAsync($"report {release} outage --dry-run")).Code);
        Assert.Equal(ExitCodes.Conflict, (await _world.RunAsync($"report {release} outage --no-wait")).Code);
        Assert.Equal(ExitCodes.Done, (await _world.RunAsync($"report {release} lesson --dry-run")).Code);
    }

    [Fact]
    public async Task Of_retry_it_says_which_attempt_it_would_be_and_starts_none()
    {
        var release = await _world.Api.StartSampleAsync();
        await _world.Api.EndAsync(release, ReleasePhase.RolledBack);

        var run = await _world.RunAsync($"retry {release} --dry-run");

        Assert.Equal(ExitCodes.Done, run.Code);
        Assert.Contains("retry: the same request starts as attempt 2", run.Output, StringComparison.Ordinal);
        Assert.Single(await _world.Api.Ledger.ListAsync(Stop));
        await _world.RunAsync($"retry {release}");
        Assert.Contains($"tried again before, as {release}-attempt-2; nothing would be changed", (await _world.RunAsync($"retry {release} --dry-run")).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await _world.Api.Ledger.ListAsync(Stop)).Count);
    }

    [Fact]
    public async Task Of_freeze_it_says_what_would_stand_still_or_go_on_and_changes_neither()
    {
        var raised = await _world.RunAsync("freeze --reason payday --until 2026-12-02T09:00Z --dry-run");
        Assert.Equal("freeze: no release would start or grow until 2026-12-02T09:00:00Z; what is exposed stays watched and can be rolled back.\n", raised.Output);
        Assert.Empty(_world.Api.Freezes.All);
        Assert.Contains("nothing would be changed", (await _world.RunAsync("freeze --lift --dry-run")).Output, StringComparison.Ordinal);

        await _world.RunAsync("freeze --reason payday");
        Assert.Contains("lifted would be: frozen by otto until it is lifted: payday", (await _world.RunAsync("freeze --lift --dry-run")).Output, StringComparison.Ordinal);
        Assert.Contains("beside what is in force: frozen by otto", (await _world.RunAsync("freeze --reason more --dry-run")).Output, StringComparison.Ordinal);
        Assert.Null(Assert.Single(_world.Api.Freezes.All).Lifted);
        Assert.Equal(ExitCodes.Usage, (await _world.RunAsync("freeze --dry-run")).Code);
    }

    [Fact]
    public async Task Of_unlock_it_says_who_holds_it_and_takes_nothing_away()
    {
        _world.Api.Locks.Holders["flag:search-v2"] = await _world.Api.StartSampleAsync();
        _world.Api.Locks.Holders["flag:held"] = await ExposedAsync();

        var run = await _world.RunAsync("unlock flag:search-v2 --reason stuck --dry-run");
        var forced = await _world.RunAsync("unlock flag:held --reason stuck --force --dry-run --json");

        Assert.StartsWith("flag:search-v2 is held by streaming-search-indexer-2.4.0, received at 0 % since ", run.Output, StringComparison.Ordinal);
        Assert.Contains("unlock: another release can take it, and streaming-search-indexer-2.4.0 goes no further.", run.Output, StringComparison.Ordinal);
        Assert.Contains("is held where it is until a person decides", JsonDocument.Parse(forced.Output).RootElement.GetProperty("consequence").GetString()!, StringComparison.Ordinal);
        Assert.Contains("is not locked; nothing would be changed", (await _world.RunAsync("unlock flag:other --reason stuck --dry-run")).Output, StringComparison.Ordinal);
        Assert.Equal(2, _world.Api.Locks.Holders.Count);
        Assert.Equal(ExitCodes.Usage, (await _world.RunAsync("unlock --dry-run")).Code);
    }

    [Fact]
    public async Task Of_flags_create_it_says_whether_the_flag_exists_and_creates_none()
    {
        var none = await _world.RunAsync("flags create search-v9 --label prod --dry-run");
        Assert.Equal(ExitCodes.Done, none.Code);
        Assert.Contains("search-v9@prod would be created, and off", none.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("search-v9", (await _world.RunAsync("flags list")).Output, StringComparison.Ordinal);

        await _world.RunAsync("flags create search-v9 --label prod");
        Assert.Contains("search-v9@prod exists and is off; nothing would be changed.", (await _world.RunAsync("flags create search-v9 --label prod --dry-run")).Output, StringComparison.Ordinal);
        Assert.Contains("search-v9 would be created", (await _world.RunAsync("flags create search-v9 --dry-run")).Output, StringComparison.Ordinal);
        Assert.True(JsonDocument.Parse((await _world.RunAsync("flags create search-v9 --label prod --dry-run --json")).Output).RootElement.GetProperty("exists").GetBoolean());
    }

    /// <summary>A release that asks people something.</summary>
    private async Task<ReleaseId> AskedAsync()
    {
        var release = await _world.Api.StartSampleAsync();
        await _world.Api.AppendAsync(release, new EvaluationOpened("e1", MatrixRow.Complaints, "complaints", "12 complaints of users in stage 2, limit 10", new DateTimeOffset(2026, 12, 1, 12, 15, 0, TimeSpan.Zero), EvaluationSilence.StayHeld));
        return release;
    }

    /// <summary>A release of which users have something.</summary>
    private Task<ReleaseId> ExposedAsync() => _world.Api.LoadAsync(Slipway.Core.Tests.Ledgers.SampleLedgers.All["running"]);
}
