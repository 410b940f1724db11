using Slipway.Cli.Commands;
using Slipway.Cli.Terminal;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Pages;

namespace Slipway.Cli.Tests.Commands;

public sealed class WatchTests : IDisposable
{
    private readonly CliWorld _world = new();

    public static TheoryData<string> Samples => [.. SampleLedgers.All.Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_frame_never_wraps_and_names_every_stage_with_icon_and_word(string sample)
    {
        var entries = SampleLedgers.All[sample];
        foreach (var width in new[] { 20, 40, 80, 200 })
        {
            for (var count = 1; count <= entries.Count; count++)
            {
                var state = ReleaseState.Fold(entries.Take(count));
                var lines = LiveFrame.Of(state, LedgerRow.Of(entries.Take(count), 20), state.UpdatedAt, width, (word, _) => word);

                // The phase line is words of ours and short.
                Assert.All(lines.Where((_, index) => index != 1), line => Assert.True(line.Length < width, line));
                Assert.Equal(state.Stages.Length, lines.Count(line => line.StartsWith("├─", StringComparison.Ordinal) || line.StartsWith("└─", StringComparison.Ordinal)));
            }
        }
    }

    [Fact]
    public async Task On_a_terminal_the_view_is_painted_in_place_and_ends_with_the_release()
    {
        _world.IsTerminal = true;
        var release = await _world.Api.LoadAsync(SampleLedgers.All["rolled_back"]);

        var run = await _world.RunAsync($"watch {release}");

        Assert.Equal(ExitCodes.RolledBack, run.Code);
        Assert.Contains("↩ rolled back", run.Output, StringComparison.Ordinal);
        Assert.Contains("└─ ○ 100 %", run.Output, StringComparison.Ordinal);
        Assert.Contains("is rolled back", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "", "")]
    [InlineData(true, "", " --lines")]
    [InlineData(true, "dumb", "")]
    public async Task Elsewhere_it_is_one_line_a_change_without_escape_codes(bool terminal, string term, string option)
    {
        _world.IsTerminal = terminal;
        if (term.Length > 0) _world.Variables["TERM"] = term;
        var release = await _world.Api.LoadAsync(SampleLedgers.All["rolled_back"]);

        var run = await _world.RunAsync($"watch {release}{option}");

        Assert.Equal(ExitCodes.RolledBack, run.Code);
        Assert.DoesNotContain('\e', run.Output);
        Assert.Contains("  #1    started by", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_view_gives_up_at_its_timeout()
    {
        _world.IsTerminal = true;
        var release = await _world.Api.LoadAsync(SampleLedgers.All["running"]);

        var run = await _world.RunAsync($"watch {release} --timeout 5s");

        Assert.Equal(ExitCodes.StillWaiting, run.Code);
        Assert.Contains("To promote now: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_far_telemetry_is_complete_stands_in_the_live_view_in_show_and_in_the_lines()
    {
        var ledger = JudgedLedger.Of(canaryErrors: 4, minutes: 3);
        var entries = JudgedLedger.Altered(ledger, interval => interval with { Telemetry = new IngestionWatermark(interval.JudgedUntil.AddSeconds(20)) });
        var state = ReleaseState.Fold(entries);
        var complete = $"telemetry complete to {state.Telemetry!.Newest.UtcDateTime:HH:mm:ss}Z, ";

        var lines = LiveFrame.Of(state, LedgerRow.Of(entries, 20), state.Telemetry.Newest.AddMinutes(4), 200, (word, _) => word);
        Assert.Contains($"  {complete}4m behind", lines);
        Assert.Contains(LedgerRow.Of(entries, 20), row => row.Words.StartsWith("judged: undecided: ", StringComparison.Ordinal) && row.Words.Contains("; telemetry complete to ", StringComparison.Ordinal));

        var release = await _world.Api.LoadAsync(entries);
        Assert.Contains($"\nTelemetry {complete["telemetry ".Length..]}", (await _world.RunAsync($"show {release}")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("telemetry complete", string.Join('\n', LiveFrame.Of(ReleaseState.Fold(ledger), LedgerRow.Of(ledger, 20), state.UpdatedAt, 200, (word, _) => word)), StringComparison.Ordinal);
    }

    [Fact]
    public void Painting_writes_only_what_changed()
    {
        var output = new StringWriter();
        var paint = new LivePaint(output);

        paint.Show(["a", "b", "c"]);
        Assert.Equal("\e[2Ka\n\e[2Kb\n\e[2Kc\n", output.ToString());
        output.GetStringBuilder().Clear();

        paint.Show(["a", "x"]);
        Assert.Equal("\e[3A\r\n\e[2Kx\n\e[0J", output.ToString());
        output.GetStringBuilder().Clear();

        paint.Show(["a", "x"]);
        Assert.Equal("", output.ToString());
    }

    [Fact]
    public async Task Titles_with_escape_codes_move_no_cursor()
    {
        _world.IsTerminal = true;
        var created = SampleRequests.Created();
        var evil = created with { Request = created.Request with { Release = created.Request.Release with { Title = "a\e[2Jb\nc" } } };
        var release = await _world.Api.LoadAsync(new LedgerScript(SampleRequests.Start).Add(evil).Add(new ReleaseEnded(ReleasePhase.Failed, "x\e[31m", [])).Entries);

        var run = await _world.RunAsync($"watch {release}");

        Assert.DoesNotContain("\e[2Jb", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("x\e[31m", run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _world.Dispose();
}
