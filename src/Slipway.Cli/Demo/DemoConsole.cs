using Slipway.Cli.Demo.Progress;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Demo;

/// <summary>What the demo says: progress on the side of messages, the outcome on stdout when it is for a program.</summary>
/// <param name="Progress">Where progress goes: stdout for a person, stderr beside <c>--json</c>.</param>
/// <param name="IsTerminal">Whether the cursor may move there.</param>
/// <param name="Width">Columns of the terminal.</param>
/// <param name="Time">The clock.</param>
internal sealed record DemoConsole(TextWriter Progress, bool IsTerminal, Func<int> Width, TimeProvider Time)
{
    /// <summary>The console for one run of the command.</summary>
    public static DemoConsole For(CliHost host, bool json)
    {
        var terminal = (json ? host.ErrorIsTerminal : host.OutputIsTerminal) && host.Variable("TERM") != "dumb";
        return new DemoConsole(json ? host.Error : host.Output, terminal, TerminalWidth, host.Time);
    }

    private static int TerminalWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and var columns ? columns : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }

    /// <summary>A printer for one release.</summary>
    public ProgressPrinter NewPrinter() => new(Progress, IsTerminal, Width, Time);
}
