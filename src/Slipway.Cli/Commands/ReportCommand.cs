using System.CommandLine;
using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Core.Releases;
using Slipway.Web.Api;
using Slipway.Workflow.Ports;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway report</c>: what people see of a release and telemetry does not: complaints, incidents, data loss, an outage.</summary>
public sealed class ReportCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var count = new Option<int>("--count") { Description = "How many", HelpName = "N", Required = true };
        count.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number is < 1 or > 1_000_000)
                result.AddError($"--count is {number}: expected 1 to 1000000.");
        });
        var severity = new Option<string>("--severity") { Description = "security, critical or moderate", HelpName = "SEVERITY", Required = true };
        severity.AcceptOnlyFromAmong("security", "critical", "moderate");
        var task = new Option<string>("--task") { Description = "The task's word in the report's next actions", HelpName = "TASK", Required = true };
        var id = ServerCommand.ReleaseArgument();
        return new Command("report", "Report complaints, an incident, data loss, an outage or an observation of a release")
        {
            id,
            Kind("complaints", "Users complain; 10 in a stage hold the release and ask people", [count],
                (parsed, signal) => signal with { Kind = ReleaseSignalKind.Complaints, Count = parsed.GetValue(count) }),
            Kind("incident", "An incident: security goes back at once, critical goes back or asks people, moderate is a warning", [severity],
                (parsed, signal) => signal with { Severity = Enum.Parse<IncidentSeverity>(parsed.GetRequiredValue(severity), ignoreCase: true) }),
            Kind("data-loss", "Data was lost or corrupted: the release goes back at once", [], (_, signal) => signal with { Kind = ReleaseSignalKind.DataLoss }),
            Kind("outage", "The service is down for everybody: the release goes back at once", [], (_, signal) => signal with { Kind = ReleaseSignalKind.Outage }),
            Kind("observation", "Something that you saw, for the deployment log; nothing else changes", [], (_, signal) => signal with { Kind = ReleaseSignalKind.Observation }),
            Kind("done", "A task after the release is done, for example verify", [task], (parsed, signal) => signal with { Kind = ReleaseSignalKind.Done, Task = parsed.GetRequiredValue(task) }),
            Kind("lesson", "A lesson that was learned, kept with the release also when it is over", [], (_, signal) => signal with { Kind = ReleaseSignalKind.Lesson }),
        };

        Command Kind(string name, string description, Option[] own, Func<ParseResult, ReleaseSignal, ReleaseSignal> complete)
        {
            var text = new Option<string>("--text") { Description = "What happened, for the ledger (up to 1000 characters)", HelpName = "TEXT", DefaultValueFactory = _ => "" };
            var noWait = new Option<bool>("--no-wait") { Description = "Do not wait for what it causes" };
            var timeout = ServerCommand.DurationOption("--timeout", "Wait at most this long, then exit code 6 (default: 1m)");
            var dryRun = DryRun.Option();
            var command = new Command(name, description);
            foreach (var option in own) command.Options.Add(option);
            command.Options.Add(text);
            command.Options.Add(noWait);
            command.Options.Add(timeout);
            command.Options.Add(dryRun);
            command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, async (io, client) =>
            {
                var release = parsed.GetRequiredValue(id);
                var signal = complete(parsed, new ReleaseSignal($"cli-{Guid.NewGuid():N}", ReleaseSignalKind.Incident, "", parsed.GetValue(text) ?? ""));
                if (parsed.GetValue(dryRun)) return await DryRun.OfReleaseAsync(io, client, release, $"report {name}", _ => Consequence(signal), summary => Refusal(signal, summary), cancellation);
                var answer = await client.ReportAsync(release, signal, cancellation);
                return await answer.ThenAsync(io, receipt => CommandResult.TellAsync(
                    io, client, release, $"report {name}", receipt, parsed.GetValue(noWait) ? null : parsed.GetValue(timeout) ?? CommandResult.StandardTimeout,
                    $"Where it stands: `slipway show {release}`.", cancellation));
            }));
            return command;
        }
    }

    private static string? Refusal(ReleaseSignal signal, ReleaseSummary summary) =>
        PhaseWords.IsTerminal(summary.Phase) && signal.Kind is not (ReleaseSignalKind.Done or ReleaseSignalKind.Lesson) ? $"the release is over: {PhaseWords.Of(summary.Phase)}" : null;

    /// <summary>As far as it follows from the report alone: the decision matrix also looks at the stage.</summary>
    private static string Consequence(ReleaseSignal signal) => signal switch
    {
        { Kind: ReleaseSignalKind.Complaints } => string.Create(CultureInfo.InvariantCulture, $"{signal.Count} more complaints count in this stage; from 10 on the release is held and people are asked"),
        { Kind: ReleaseSignalKind.DataLoss or ReleaseSignalKind.Outage } or { Kind: ReleaseSignalKind.Incident, Severity: IncidentSeverity.Security } =>
            "every user returns to the old version at once, and the release is over",
        { Kind: ReleaseSignalKind.Incident, Severity: IncidentSeverity.Critical } => "every user returns to the old version at once, or the release is held and people are asked, as the decision matrix says for the stage",
        { Kind: ReleaseSignalKind.Incident } => "it is recorded as a warning; the release goes on",
        { Kind: ReleaseSignalKind.Done } => $"the task {signal.Task} is ticked off in the report's next actions",
        { Kind: ReleaseSignalKind.Lesson } => "the lesson is kept with the release; nothing else changes",
        _ => "it stands in the deployment log; nothing else changes",
    };
}
