using Slipway.Cli.Commands;
using Slipway.Cli.Demo;
using Slipway.Cli.Hosting;
using Slipway.Cli.Rehearsing;

namespace Slipway.Cli;

/// <summary>Every command of <c>slipway</c>, in the order of the help.</summary>
public static class CommandList
{
    /// <summary>Makes them all.</summary>
    public static IReadOnlyList<ICliCommand> All() =>
    [
        new DemoCommand(),
        new ServeCommand(),
        new DashboardCommand(),
        new InitCommand(),
        new ValidateCommand(),
        new PlanCommand(),
        new PowerCommand(),
        new RehearseCommand(),
        new BacktestCommand(),
        new StartCommand(),
        new ListCommand(),
        new ShowCommand(),
        new WatchCommand(),
        new WhyCommand(),
        .. ReleaseCommandCommand.All(),
        new ReportCommand(),
        new AnswerCommand(),
        new RetryCommand(),
        new ApproveCommand(),
        new FreezeCommand(),
        new UnlockCommand(),
        new AuditCommand(),
        new FlagsCommand(),
        new KeyCommand(),
        new SchemaCommand(),
        new CompletionCommand(),
        new VersionCommand(),
    ];
}
