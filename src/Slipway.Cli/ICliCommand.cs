using System.CommandLine;
using Slipway.Cli.Terminal;

namespace Slipway.Cli;

/// <summary>
/// One command of <c>slipway</c>. Its action returns one of <see cref="ExitCodes"/>; an <see cref="OperationCanceledException"/> for the
/// given token becomes 130, every other exception one line with an id and the place of its details.
/// </summary>
public interface ICliCommand
{
    /// <summary>Makes the command, with its arguments, options and action, for one run on <paramref name="host"/>.</summary>
    Command Build(CliHost host);
}
