using System.CommandLine;
using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Approvals;
using Slipway.Core.Requests;
using Slipway.Workflow.Releases;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway approve</c>: decides by the token of an approval mail, as its link does.</summary>
public sealed class ApproveCommand : ICliCommand
{
    private static readonly TimeSpan StandardTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var token = new Argument<string>("TOKEN") { Description = "The token of the approval mail, or its whole link" };
        var reject = new Option<bool>("--reject") { Description = "Reject: the release stops, and where users are exposed they go back" };
        var comment = new Option<string>("--comment") { Description = "Why, for the ledger (up to 1000 characters)", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what is asked and decide nothing" };
        var timeout = ServerCommand.DurationOption("--timeout", "Wait at most this long, then exit code 6 (default: 1m)");
        var command = new Command("approve", "Approve, or reject, what an approval mail asks") { token, reject, comment, dryRun, timeout };
        command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, async (io, client) =>
        {
            var text = Token(parsed.GetRequiredValue(token));
            return await (await client.ApprovalAsync(text, cancellation)).ThenAsync(io, view => parsed.GetValue(dryRun)
                ? Task.FromResult(Show(io, view))
                : DecideAsync(
                    io, client, text, view, parsed.GetValue(reject) ? ApprovalChoice.Reject : ApprovalChoice.Approve,
                    parsed.GetValue(comment) ?? "", parsed.GetValue(timeout) ?? StandardTimeout, cancellation));
        }));
        return command;
    }

    private static string Token(string text) => text.Contains("/approvals/", StringComparison.Ordinal) ? text.Split("/approvals/")[^1].Trim() : text.Trim();

    private static int Show(CommandIo io, ApprovalView view)
    {
        if (io.Json)
        {
            io.Data(view);
            return ExitCodes.Done;
        }

        io.Data(Printable.Line($"{view.Title} {view.Version} ({view.Release}) in {view.Environment}: next {Printable.Share(view.Percentage)} of users"));
        io.Data(Printable.Line(view.Evidence));
        io.Data(Printable.Line($"asked of {view.Group}: {view.ApprovedBy.Count} of {view.Quorum} approved; {(view.Outcome is null ? $"open until {view.Deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : view.Reason)}"));
        io.Say("Nothing was sent.");
        return ExitCodes.Done;
    }

    private static async Task<int> DecideAsync(
        CommandIo io, SlipwayClient client, string token, ApprovalView view, ApprovalChoice choice, string comment, TimeSpan limit, CancellationToken cancellation)
    {
        var sent = await client.DecideAsync(token, choice, comment, view.Confirm, cancellation);
        return await sent.ThenAsync(io, async receipt =>
        {
            var since = io.Host.Time.GetTimestamp();
            while (true)
            {
                var answer = await client.ApprovalAsync(token, cancellation);
                if (answer is not Answer<ApprovalView>.Got got) return await answer.ThenAsync(io, _ => Task.FromResult(ExitCodes.Done));
                if (got.Value.Decisions.FirstOrDefault(one => one.Id == receipt.DecisionId) is { Applied: not null } own) return Finish(io, got.Value, own);
                if (io.Host.Time.GetElapsedTime(since) >= limit) break;
                await Task.Delay(Pause, io.Host.Time, cancellation);
            }

            return io.Fail(Error(
                ExitCodes.StillWaiting, "still_waiting", $"The decision is recorded for {view.Release}, but not answered after {DurationText.Format(limit)}", "",
                $"It is not lost; see `slipway show {view.Release}`."));
        });
    }

    private static int Finish(CommandIo io, ApprovalView view, OwnDecision own)
    {
        if (own.Applied == false)
            return io.Fail(Error(ExitCodes.Conflict, "decision_refused", "The decision does not count", own.Answer, $"Where it stands: `slipway show {view.Release}`."));
        if (io.Json)
            io.Data(new { view.Release, view.Gate, decision = own.Choice, decision_id = own.Id, outcome = "applied", effect = own.Answer });
        else
            io.Data(Printable.Line($"{view.Release}: {own.Answer}"));
        io.Say($"Follow it with `slipway watch {view.Release}`.");
        return ExitCodes.Done;
    }

    private static CliError Error(int exitCode, string kind, string what, string why, string fix) =>
        new() { ExitCode = exitCode, Kind = kind, What = what, Why = why, Fix = fix };
}
