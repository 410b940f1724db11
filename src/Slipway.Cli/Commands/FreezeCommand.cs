using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Web.Api;
using Slipway.Workflow.Freezes;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway freeze</c>: shows the freezes of the server, raises one over all its releases, or lifts them.</summary>
public sealed class FreezeCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var reason = new Option<string>("--reason") { Description = "Freeze: why (up to 1000 characters)", HelpName = "TEXT" };
        var until = new Option<string>("--until") { Description = "When it ends by itself: a moment such as 2026-12-01T09:00Z, or a duration from now such as 4h (default: when it is lifted)", HelpName = "TIME" };
        var lift = new Option<bool>("--lift") { Description = "Lift every freeze that is in force" };
        var dryRun = DryRun.Option();
        var command = new Command("freeze", "Let no release start or grow, show what is frozen, or lift it; a rollback never waits") { reason, until, lift, dryRun };
        command.Validators.Add(result =>
        {
            var stated = result.GetResult(reason) is not null;
            if (stated && string.IsNullOrWhiteSpace(result.GetValue(reason))) result.AddError("--reason is empty: whoever asks why nothing moves is told it.");
            if (result.GetValue(dryRun) && !stated && !result.GetValue(lift)) result.AddError("--dry-run needs something to try: --reason TEXT for a freeze, or --lift.");
            if (result.GetResult(until) is null) return;
            if (result.GetValue(lift) || !stated) result.AddError("--until belongs to a freeze that is raised: give it with --reason TEXT.");
            else if (Until(host, result.GetValue(until)) is null) result.AddError($"'{Printable.Line(result.GetValue(until) ?? "")}' is not a time for --until: expected {MomentText.Expected}, or a duration up to 366d such as 4h.");
        });
        command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, async (io, client) =>
        {
            if (parsed.GetValue(dryRun))
                return await (await client.FreezesAsync(cancellation)).ThenAsync(io, status => Task.FromResult(parsed.GetValue(lift) ? LiftTried(io, status) : FreezeTried(io, status, Until(host, parsed.GetValue(until)))));
            if (parsed.GetValue(lift)) return await (await client.LiftAsync(parsed.GetValue(reason) ?? "", cancellation)).ThenAsync(io, lifted => Task.FromResult(Lifted(io, lifted)));
            if (parsed.GetValue(reason) is not { } why) return await (await client.FreezesAsync(cancellation)).ThenAsync(io, status => Task.FromResult(Show(io, status)));
            var raised = await client.FreezeAsync($"cli-{Guid.NewGuid():N}", why, Until(host, parsed.GetValue(until)), cancellation);
            return await raised.ThenAsync(io, freeze => Task.FromResult(Raised(io, freeze)));
        }));
        return command;
    }

    private static DateTimeOffset? Until(CliHost host, string? text) =>
        MomentText.TryParse(text, out var moment) ? moment
        : text is not null && DurationText.TryParse(text, out var duration) && duration > TimeSpan.Zero && duration <= TimeSpan.FromDays(366) ? host.Time.GetUtcNow() + duration
        : null;

    private static int FreezeTried(CommandIo io, FreezeStatus status, DateTimeOffset? until)
    {
        var end = until is { } at ? $"until {Printable.Moment(at)}" : "until it is lifted";
        var beside = status.InForce.Count == 0 ? "" : $", beside what is in force: {FleetFreeze.Sentence(status.InForce)}";
        return DryRun.Told(
            io,
            new { command = "freeze", until, sent = false, in_force = status.InForce },
            $"freeze: no release would start or grow {end}{beside}; what is exposed stays watched and can be rolled back.");
    }

    private static int LiftTried(CommandIo io, FreezeStatus status) => DryRun.Told(
        io,
        new { command = "freeze --lift", sent = false, in_force = status.InForce },
        status.InForce.Count == 0 ? "Nothing is frozen; nothing would be changed." : $"freeze --lift: releases that wait would go on within a minute; lifted would be: {FleetFreeze.Sentence(status.InForce)}.");

    private static int Raised(CommandIo io, FleetFreeze freeze)
    {
        if (io.Json) io.Data(freeze);
        else io.Data(Printable.Line(FleetFreeze.Sentence([freeze])));
        io.Say("No release starts or grows; what is exposed stays watched and can be rolled back. Lift it with `slipway freeze --lift`.");
        return ExitCodes.Done;
    }

    private static int Lifted(CommandIo io, LiftReceipt receipt)
    {
        if (io.Json) io.Data(receipt);
        else foreach (var freeze in receipt.Lifted) io.Data(Printable.Line($"lifted: {FleetFreeze.Sentence([freeze])}"));
        io.Say(receipt.Lifted.Count == 0 ? "Nothing was frozen." : "Releases that waited go on, within a minute.");
        return ExitCodes.Done;
    }

    private static int Show(CommandIo io, FreezeStatus status)
    {
        if (io.Json)
        {
            io.Data(status);
            return ExitCodes.Done;
        }

        foreach (var freeze in status.InForce) io.Data(Printable.Line($"in force since {Printable.Moment(freeze.At)}: {FleetFreeze.Sentence([freeze])}"));
        foreach (var freeze in status.History.Where(freeze => !status.InForce.Contains(freeze))) io.Data(Printable.Line($"over: raised {Printable.Moment(freeze.At)} by {freeze.By}: {freeze.Reason}; {End(freeze)}"));
        io.Say(status.InForce.Count == 0 ? "Nothing is frozen. Freeze every release with `slipway freeze --reason TEXT`." : "Lift it with `slipway freeze --lift`.");
        return ExitCodes.Done;
    }

    private static string End(FleetFreeze freeze) => freeze.Lifted is { } lift
        ? $"lifted {Printable.Moment(lift.At)} by {lift.By}{(lift.Reason.Length > 0 ? $": {lift.Reason}" : "")}"
        : $"ended {Printable.Moment(freeze.Until ?? freeze.At)}";
}
