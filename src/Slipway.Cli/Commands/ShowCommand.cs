using System.CommandLine;
using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Outlook;
using Slipway.Core.Releases;
using Slipway.Web.Api;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway show ID</c>: where a release stands; with <c>--json</c> the report exactly as the contract has it.</summary>
public sealed class ShowCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var id = ServerCommand.ReleaseArgument();
        var command = new Command("show", "Show where a release stands; with --json its report") { id };
        command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, async (io, client) =>
        {
            var release = parsed.GetRequiredValue(id);
            if (io.Json)
            {
                var report = await client.ReportAsync(release, cancellation);
                return await report.ThenAsync(io, json =>
                {
                    io.Data(json);
                    return Task.FromResult(ExitCodes.Done);
                });
            }

            var answer = await client.SummaryAsync(release, cancellation);
            return await answer.ThenAsync(io, async summary =>
            {
                foreach (var line in SummaryText.Details(summary, io))
                    io.Data(line);
                // What is over cannot be promoted, and the status says so.
                if (!PhaseWords.IsTerminal(summary.Phase) && await client.OutlookAsync(release, cancellation) is Answer<PromotionOutlook>.Got { Value: var outlook })
                {
                    foreach (var line in SummaryText.Outlook(outlook)) io.Data(line);
                }

                io.Say(summary.Evaluations is [var asked, ..] ? $"It waits for an answer: `{asked.Command}`." : NextStep(summary.Id, summary.Phase));
                return ExitCodes.Done;
            });
        }));
        return command;
    }

    private static string NextStep(ReleaseId release, ReleasePhase phase) => phase switch
    {
        ReleasePhase.RolledBack or ReleasePhase.Failed => $"The report: `slipway show {release} --json`. Try it again when its cause is gone: `slipway retry {release}`.",
        _ when PhaseWords.IsTerminal(phase) => $"The report: `slipway show {release} --json`. The ledger: `slipway audit verify {release}`.",
        ReleasePhase.Approving => $"Its approvers decide by the link in their mail, or with `slipway approve TOKEN`; back with `slipway rollback {release}`.",
        ReleasePhase.Paused => $"Go on with `slipway resume {release}`, or back with `slipway rollback {release}`.",
        ReleasePhase.Concluding => $"It ends when every notice is accepted; where one cannot be delivered: `slipway acknowledge {release}`. Follow it with `slipway watch {release}`.",
        _ => $"Follow it with `slipway watch {release}`.",
    };
}
