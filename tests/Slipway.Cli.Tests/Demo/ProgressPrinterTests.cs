using Slipway.Cli.Demo.Progress;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Tests.Demo;

public sealed class ProgressPrinterTests
{
    [Fact]
    public void Take_NoTerminal_PrintsOneLineAChangeAndNoEscape()
    {
        var (printer, output) = Printer(terminal: false);

        printer.Take(WholeRun());

        Assert.DoesNotContain('\u001b', output.ToString());
        Assert.DoesNotContain('\r', output.ToString());
        Assert.Equal(
            """
               0.0 s  start        Search from an index: 5 %, 100 % of the shoppers
               0.4 s  preflight    1 check passed, 1 with a warning (sbom)
               0.6 s  stage 1/2      5 %  flag written and read back, 5 % of the shoppers get the new search
               3.5 s  stage 1/2      5 %  new: 10.0 % errors, p95 8 ms, 10 requests | old: 0.0 % errors, p95 8 ms, 100 requests
               4.0 s  BREACH       error rate 10 %, limit 2 %; rolling back
               4.3 s  rollback     flag off, read back and verified: nobody gets the new search any more; telemetry has to confirm it
               4.4 s  rolled back  back at the captured state

            """.ReplaceLineEndings("\n"),
            output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Take_BakeBegins_TellsWhatComesNextAndWhen()
    {
        var (printer, output) = Printer(terminal: false);
        var entries = new Entries();

        printer.Take(
        [
            entries.At(0, Entries.Created),
            entries.At(1, new StageStarted(0, new Percentage(5), Entries.Noon.AddSeconds(2))),
            entries.At(2, new PhaseEntered(ReleasePhase.Baking, ReleaseTrigger.Propagated, 0, "", Entries.Noon.AddSeconds(5), "the bake ends; a pass goes to 100 %")),
        ]);

        Assert.EndsWith("stage 1/2      5 %  judging  | in 3 s: the bake ends; a pass goes to 100 %\n", output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Take_Terminal_DrawsTheLastLineOverAndNeverWraps()
    {
        var (printer, output) = Printer(terminal: true);

        printer.Take([.. WholeRun().Take(7)]);

        var drawn = output.ToString().Split('\n')[^1];
        Assert.StartsWith("\r", drawn);
        Assert.EndsWith("\u001b[K", drawn);
        Assert.True(drawn.Length <= 80 + 4);
        Assert.Contains("stage 1/2", drawn);
    }

    [Fact]
    public void Take_TerminalAndEnded_LeavesNoDrawnLine()
    {
        var (printer, output) = Printer(terminal: true);
        var run = WholeRun();

        printer.Take([.. run.Take(5)]);
        printer.Take([.. run.Skip(5)]);

        Assert.EndsWith("back at the captured state\n", output.ToString().ReplaceLineEndings("\n"));
    }

    private static (ProgressPrinter Printer, StringWriter Output) Printer(bool terminal)
    {
        var output = new StringWriter();
        return (new ProgressPrinter(output, terminal, static () => 80, new FixedClock(Entries.Noon.AddSeconds(4))), output);
    }

    private static LedgerEntry[] WholeRun()
    {
        var entries = new Entries();
        return
        [
            entries.At(0, Entries.Created),
            entries.At(0.1, Phase(ReleasePhase.Preflight, ReleaseTrigger.Begin)),
            entries.At(0.2, new GateChecked("telemetry", GateStatus.Pass, true, "answers", GateKind.Quality, null)),
            entries.At(0.3, new GateChecked("sbom", GateStatus.Warning, false, "none", GateKind.Quality, null)),
            entries.At(0.4, Phase(ReleasePhase.Waiting, ReleaseTrigger.GatesPassed)),
            entries.At(0.6, new StageStarted(0, new Percentage(5), Entries.Noon.AddSeconds(2))),
            entries.At(3.5, Entries.Judged(3.5, 10, 1)),
            entries.At(4, new RollbackBegun(true, "slipway", "error rate 10 %, limit 2 %", null, Entries.Noon.AddSeconds(3.9))),
            entries.At(4.3, Entries.Flag(false, 0)),
            entries.At(4.4, new ReleaseEnded(ReleasePhase.RolledBack, "back at the captured state", [])),
        ];
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private static PhaseEntered Phase(ReleasePhase phase, ReleaseTrigger trigger) => new(phase, trigger, -1, "", null, "");
}
