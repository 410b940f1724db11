using System.Text;
using Slipway.Cli;
using Slipway.Cli.Terminal;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl-C ends the command in order; the second ends the process.
    pressed.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};
if (OperatingSystem.IsWindows())
    Console.OutputEncoding = Encoding.UTF8;
return await new CliApp(CliHost.FromConsole(), CommandList.All()).RunAsync(args, interrupted.Token);
