using System.Text.Json;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Cli.Tests.Commands;

/// <summary><c>slipway audit verify --recompute</c>: whoever can make a hash chain cannot make its verdicts follow from its evidence.</summary>
public sealed class RecomputeTests : IDisposable
{
    private static readonly IReadOnlyList<LedgerEntry> Bad = JudgedLedger.Of(canaryErrors: 30);

    private readonly CliWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Verdicts_as_they_were_judged_are_ok_offline_and_in_json()
    {
        Write(Bad);
        var count = Bad.Count(entry => entry.Read() is IntervalJudged);

        var run = await _world.RunAsync("audit verify ledger.jsonl --recompute");
        var json = JsonDocument.Parse((await _world.RunAsync("audit verify ledger.jsonl --recompute --json")).Output).RootElement;
        var without = JsonDocument.Parse((await _world.RunAsync("audit verify ledger.jsonl --json")).Output).RootElement;

        Assert.True(run.Code == 0, run.ToString());
        Assert.EndsWith($"\nledger.jsonl: ok: {count} verdicts computed again, bit for bit the same\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(("slipway.audit.v1", true), (json.GetProperty("schema").GetString(), json.GetProperty("ok").GetBoolean()));
        Assert.Equal((true, count, count), (json.GetProperty("verdicts").GetProperty("ok").GetBoolean(), json.GetProperty("verdicts").GetProperty("computed").GetInt32(), json.GetProperty("verdicts").GetProperty("identical").GetInt32()));
        Assert.False(without.TryGetProperty("verdicts", out var none) && none.ValueKind != JsonValueKind.Null);
    }

    [Fact]
    public async Task A_release_of_a_server_is_computed_again()
    {
        var release = await _world.Api.StartSampleAsync();
        var created = (await _world.Api.Ledger.ReadAsync(release, 0, CancellationToken.None)).Select(entry => entry.Read()).OfType<ReleaseCreated>().Single();
        await _world.Api.AppendAsync(release, [.. JudgedLedger.Intervals(created.Plan, _world.Api.Time.GetUtcNow(), 4, 3)]);

        var run = await _world.RunAsync($"audit verify {release} --recompute");

        Assert.Equal(0, run.Code);
        Assert.EndsWith($"\n{release}: ok: 3 verdicts computed again, bit for bit the same\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verdict_that_was_altered_under_a_chain_made_anew_is_bad_and_named()
    {
        var last = JudgedLedger.LastJudged(Bad);
        Write(JudgedLedger.Altered(Bad, judged => judged with { Assessment = judged.Assessment with { Verdict = Verdict.Pass, Findings = [] } }, entry => entry.Sequence == last));

        Assert.Equal(0, (await _world.RunAsync("audit verify ledger.jsonl")).Code);
        var run = await _world.RunAsync("audit verify ledger.jsonl --recompute");
        var json = await _world.RunAsync("audit verify ledger.jsonl --recompute --json");

        Assert.Equal((1, 1), (run.Code, json.Code));
        Assert.StartsWith($"ledger.jsonl: ok: {Bad.Count} entries verified", run.Output, StringComparison.Ordinal);
        Assert.Contains($"\nledger.jsonl: BAD: verdict of entry {last} differs: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("A verdict does not follow from the evidence that is recorded with it", run.Error, StringComparison.Ordinal);
        var verdicts = JsonDocument.Parse(json.Output).RootElement.GetProperty("verdicts");
        Assert.Equal((false, last), (verdicts.GetProperty("ok").GetBoolean(), verdicts.GetProperty("different").GetInt64()));
    }

    [Fact]
    public async Task Counts_that_were_altered_under_a_chain_made_anew_are_bad_from_their_entry_on()
    {
        Write(JudgedLedger.Altered(Bad, judged => judged with { Observations = [.. judged.Observations.Select(row => row with { Canary = row.Canary! with { Errors = 1 } })] }, entry => entry.Sequence == 5));

        var run = await _world.RunAsync("audit verify ledger.jsonl --recompute");

        Assert.Equal(1, run.Code);
        Assert.Contains("BAD: verdict of entry 5 differs: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_chain_is_told_beside_verdicts_that_follow()
    {
        Write(Bad);
        _world.Write("ledger.jsonl", File.ReadAllText(Path.Combine(_world.Folder, "ledger.jsonl")).Replace("the stage is judged", "the stage is fudged", StringComparison.Ordinal));

        var run = await _world.RunAsync("audit verify ledger.jsonl --recompute");

        Assert.Equal(1, run.Code);
        Assert.StartsWith("ledger.jsonl: BAD: entry 3", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nledger.jsonl: ok: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("This ledger was changed after it was written.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_without_a_judged_interval_is_ok()
    {
        Write([.. Bad.Take(3)]);

        var run = await _world.RunAsync("audit verify ledger.jsonl --recompute");

        Assert.Equal(0, run.Code);
        Assert.EndsWith("ok: no verdict to compute again\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_does_not_read_is_bad_and_no_crash()
    {
        Write(JudgedLedger.Altered(Bad, judged => judged with { Environment = 7 }));

        var run = await _world.RunAsync("audit verify ledger.jsonl --recompute");

        Assert.True(run.Code == 1, run.ToString());
        Assert.Contains("BAD: the verdicts cannot be computed again, an entry does not read: ", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await _world.RunAsync("why ledger.jsonl")).Code);
    }

    private void Write(IReadOnlyList<LedgerEntry> entries) => _world.Write("ledger.jsonl", LedgerLines.WriteAll(entries));
}
