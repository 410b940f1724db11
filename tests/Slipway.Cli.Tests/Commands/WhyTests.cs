using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Ledgers;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Cli.Tests.Commands;

public sealed class WhyTests : IDisposable
{
    private static readonly IReadOnlyList<LedgerEntry> Bad = JudgedLedger.Of(canaryErrors: 30);

    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_file_is_explained_without_a_server()
    {
        Write(Bad);
        var judged = Bad.Select(entry => entry.Read()).OfType<IntervalJudged>().ToList();

        var run = await _world.RunAsync("why ledger.jsonl");

        Assert.True(run.Code == 0, run.ToString());
        Assert.Empty(_world.Server.Authorizations);
        var lines = run.Output.TrimEnd().Split('\n');
        Assert.Equal("Release   search-index-v2", lines[0]);
        Assert.Equal($"Status    rolled back: {judged[^1].Assessment.Sentence}", lines[1]);
        Assert.Equal($"Verdicts  {judged.Count} judged intervals: 1 fail, {judged.Count - 1} undecided", lines[2]);
        Assert.Contains($"  {Printable.Moment(judged[^1].JudgedUntil)}  5 %  fail       {judged[^1].Assessment.Sentence}", lines);
        Assert.Contains(lines, line => line.StartsWith("Test      error_rate against control: evidence ", StringComparison.Ordinal) && line.Contains(" times the control's, at most ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("  needs", StringComparison.Ordinal));
        Assert.Contains("--limit, --latency-limit, --tolerated-ratio, --budget", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_under_way_says_what_is_missing()
    {
        Write(JudgedLedger.Of(canaryErrors: 4, minutes: 1));

        var run = await _world.RunAsync("why ledger.jsonl");

        Assert.Contains("Verdicts  1 judged interval: 1 undecided\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n  needs   error_rate: about ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_of_a_server_is_explained_the_same()
    {
        var release = await _world.Api.StartSampleAsync();
        var created = (await _world.Api.Ledger.ReadAsync(release, 0, CancellationToken.None)).Select(entry => entry.Read()).OfType<ReleaseCreated>().Single();
        await _world.Api.AppendAsync(release, [.. JudgedLedger.Intervals(created.Plan, _world.Api.Time.GetUtcNow(), 30, 20)]);

        var run = await _world.RunAsync($"why {release}");
        var other = await _world.RunAsync($"why {release} --tolerated-ratio 20 --limit 10");

        Assert.True(run.Code == 0, run.ToString());
        Assert.Contains($"Release   {release}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  fail       ", run.Output, StringComparison.Ordinal);
        Assert.Contains("with it never due in the evidence up to ", other.Output, StringComparison.Ordinal);
        var gone = await _world.RunAsync("why another-release");
        Assert.Equal((1, ""), (gone.Code, gone.Output));
    }

    [Fact]
    public async Task Looser_settings_say_that_nothing_would_have_been_rolled_back()
    {
        Write(Bad);
        var failed = Bad.Select(entry => entry.Read()).OfType<IntervalJudged>().Last();

        var run = await _world.RunAsync("why ledger.jsonl --tolerated-ratio 20 --limit 10%");

        Assert.Equal(0, run.Code);
        Assert.Contains("With      error_rate limit 10 %, tolerated ratio 20\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"Differs   first at {Printable.Moment(failed.JudgedUntil)}, 5 % (entry {JudgedLedger.LastJudged(Bad)})\n  recorded  fail: {failed.Assessment.Sentence}\n  with it   ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"Rollback  as recorded due at {Printable.Moment(failed.JudgedUntil)}; with it never due in the evidence up to {Printable.Moment(failed.JudgedUntil)}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("a release that had gone on would have seen more", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stricter_settings_say_when_it_would_have_been_rolled_back()
    {
        Write(JudgedLedger.Of(canaryErrors: 9, minutes: 30, tolerated: 4));

        var run = await _world.RunAsync("why ledger.jsonl --tolerated-ratio 1");

        Assert.Equal(0, run.Code);
        Assert.Contains("\n          error_rate 0.9 % [", run.Output, StringComparison.Ordinal);
        Assert.Contains("Rollback  as recorded never due in the evidence up to 2026-03-02T09:30:00Z; with it due at 2026-03-02T09:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_change_nothing_say_so_and_name_another_reason()
    {
        Write(JudgedLedger.Of(canaryErrors: 4, minutes: 5));
        var never = await _world.RunAsync("why ledger.jsonl --limit 3");
        Assert.Contains("\n          every decision would have been the same\nRollback  never due in the evidence up to 2026-03-02T09:05:00Z, either way\n", never.Output, StringComparison.Ordinal);

        Write(Bad);
        var same = await _world.RunAsync("why ledger.jsonl --limit 50 --budget 50");
        Assert.Contains("          every decision would have been the same\n          the rollback for another reason: ", same.Output, StringComparison.Ordinal);
        Assert.Contains(", either way\n", same.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_holds_every_change_and_the_first_difference()
    {
        Write(Bad);

        var plain = Root(await _world.RunAsync("why ledger.jsonl --json"));
        var other = Root(await _world.RunAsync("why ledger.jsonl --json --tolerated-ratio 20 --limit 10"));

        Assert.Equal(("slipway.why.v1", "search-index-v2", "rolled_back", true), (plain.GetProperty("schema").GetString(), plain.GetProperty("release").GetString(), plain.GetProperty("phase").GetString(), plain.GetProperty("intact").GetBoolean()));
        Assert.Equal("fail", plain.GetProperty("turns").EnumerateArray().Last().GetProperty("assessment").GetProperty("verdict").GetString());
        Assert.False(plain.TryGetProperty("first_different", out var none) && none.ValueKind != JsonValueKind.Null);
        var first = other.GetProperty("first_different");
        Assert.Equal((JudgedLedger.LastJudged(Bad), "fail"), (first.GetProperty("sequence").GetInt64(), first.GetProperty("recorded").GetProperty("verdict").GetString()));
        Assert.NotEqual("fail", first.GetProperty("computed").GetProperty("verdict").GetString());
        Assert.Equal((20, 10), (other.GetProperty("settings").GetProperty("tolerated_ratio").GetInt32(), other.GetProperty("settings").GetProperty("error_limit").GetInt32()));
    }

    [Fact]
    public async Task A_ledger_without_a_judged_interval_says_that_nothing_was_judged()
    {
        Write([.. Bad.Take(3)]);

        foreach (var line in new[] { "why ledger.jsonl", "why ledger.jsonl --limit 2" })
        {
            var run = await _world.RunAsync(line);
            Assert.True(run.Code == 0, run.ToString());
            Assert.Contains("Verdicts  none: nothing was judged yet\n", run.Output, StringComparison.Ordinal);
        }

        Assert.Equal(0, Root(await _world.RunAsync("why ledger.jsonl --json --limit 2")).GetProperty("judged").GetInt32());
    }

    [Fact]
    public async Task Entries_of_an_older_version_are_shown_but_cannot_be_judged_again()
    {
        Write(JudgedLedger.Altered(Bad, judged => judged with { Under = null, After = null }));

        var plain = await _world.RunAsync("why ledger.jsonl");
        var other = await _world.RunAsync("why ledger.jsonl --limit 10");

        Assert.Contains("  5 %  fail       ", plain.Output, StringComparison.Ordinal);
        Assert.EndsWith("          nothing can be judged again: an older version recorded too little\n", other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_was_changed_is_explained_with_a_warning()
    {
        Write(Bad);
        _world.Write("ledger.jsonl", File.ReadAllText(Path.Combine(_world.Folder, "ledger.jsonl")).Replace("the stage is judged", "the stage is fudged", StringComparison.Ordinal));

        var run = await _world.RunAsync("why ledger.jsonl");

        Assert.Equal(0, run.Code);
        Assert.Contains("This ledger was changed after it was written, and what it says may be made up: entry 3", run.Error, StringComparison.Ordinal);
        Assert.False(Root(await _world.RunAsync("why ledger.jsonl --json")).GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task A_damaged_or_cut_file_exits_1_and_says_where()
    {
        var lines = LedgerLines.WriteAll(Bad).Split('\n');
        foreach (var (text, why) in new[]
        {
            ("", "holds no ledger entry"),
            ($"{lines[0]}\n{lines[1][..40]}\n", "line 2"),
            (string.Join('\n', lines[1..]), "does not begin with its request"),
            (string.Join('\n', lines[..2].Concat(lines[3..])), "`slipway audit verify` says what was changed in it"),
            (string.Join('\n', lines).Replace("\"judged_until\"", "\"judged_unti1\"", StringComparison.Ordinal), "An entry of the ledger does not read"),
        })
        {
            _world.Write("ledger.jsonl", text);
            var run = await _world.RunAsync("why ledger.jsonl");
            Assert.True(run.Code == 1, run.ToString());
            Assert.Equal("", run.Output);
            Assert.Contains(why, run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("(Parameter", run.Error, StringComparison.Ordinal);
        }

        var missing = await _world.RunAsync("why nothing.jsonl");
        Assert.Equal((1, ""), (missing.Code, missing.Output));
        Assert.Contains("Cannot read 'nothing.jsonl'", missing.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--limit abc", "'abc' is not a value for --limit: expected a percentage above 0 up to 100, for example 2%.")]
    [InlineData("--limit 2,5%", "'2,5%' is not a value for --limit")]
    [InlineData("--limit 0", "'0' is not a value for --limit")]
    [InlineData("--limit -1", "'-1' is not a value for --limit")]
    [InlineData("--limit 100.1", "'100.1' is not a value for --limit")]
    [InlineData("--limit %", "'%' is not a value for --limit")]
    [InlineData("--latency-limit fast", "'fast' is not a value for --latency-limit: expected milliseconds above 0 up to 86400000, for example 300ms.")]
    [InlineData("--latency-limit 2s", "'2s' is not a value for --latency-limit")]
    [InlineData("--tolerated-ratio 0.9", "'0.9' is not a value for --tolerated-ratio: expected a ratio from 1 up to 20, for example 1.5x.")]
    [InlineData("--tolerated-ratio x", "'x' is not a value for --tolerated-ratio")]
    [InlineData("--budget 51%", "'51%' is not a value for --budget: expected a percentage above 0 up to 50, for example 0.1%.")]
    [InlineData("--budget", "--budget has no value: expected --budget PERCENT.")]
    [InlineData("--limit 1 --limit 2", "--limit")]
    public async Task Numbers_that_are_none_exit_2_and_say_what_is_expected(string options, string words)
    {
        Write(Bad);

        var run = await _world.RunAsync($"why ledger.jsonl {options}");

        Assert.True(run.Code == 2, run.ToString());
        Assert.Equal("", run.Output);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("FILE is missing", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--limit 2%")]
    [InlineData("--limit .5")]
    [InlineData("--latency-limit 300ms")]
    [InlineData("--latency-limit 300MS")]
    [InlineData("--tolerated-ratio 1")]
    [InlineData("--tolerated-ratio 1.5x")]
    [InlineData("--budget 0.1%")]
    public async Task Numbers_may_have_their_unit(string options)
    {
        Write(Bad);

        Assert.Equal(0, (await _world.RunAsync($"why ledger.jsonl {options}")).Code);
    }

    private void Write(IReadOnlyList<LedgerEntry> entries) => _world.Write("ledger.jsonl", LedgerLines.WriteAll(entries));

    private static JsonElement Root(CliRun run)
    {
        Assert.True(run.Code == 0, run.ToString());
        return JsonDocument.Parse(run.Output).RootElement;
    }
}
