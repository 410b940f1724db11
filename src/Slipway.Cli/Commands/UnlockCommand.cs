using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Core.Releases;
using Slipway.Web.Api;
using Slipway.Workflow.Locks;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway unlock</c>: who holds which lock; with a resource, takes its lock away from a release that will not give it up.</summary>
public sealed class UnlockCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var resource = new Argument<string?>("RESOURCE") { Description = "What is locked, for example flag:search-v2; left out: list all locks", Arity = ArgumentArity.ZeroOrOne };
        var reason = new Option<string>("--reason") { Description = "Why, for the holder's ledger (up to 1000 characters)", HelpName = "TEXT" };
        var force = new Option<bool>("--force") { Description = "Also from a release that is running and has users exposed; it is then held" };
        var dryRun = DryRun.Option();
        var command = new Command("unlock", "List the locks, or take one away from its holder") { resource, reason, force, dryRun };
        command.Validators.Add(result =>
        {
            var named = result.GetValue(resource) is { Length: > 0 };
            if (named && string.IsNullOrWhiteSpace(result.GetValue(reason))) result.AddError("unlock needs --reason TEXT: the holder's ledger says why its lock was taken away.");
            if (!named && (result.GetResult(reason) is not null || result.GetValue(force) || result.GetValue(dryRun))) result.AddError("unlock needs the RESOURCE whose lock is to be taken away; see `slipway unlock`.");
        });
        command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, async (io, client) => parsed.GetValue(resource) is { Length: > 0 } named
            ? parsed.GetValue(dryRun) ? await (await client.LocksAsync(cancellation)).ThenAsync(io, locks => Task.FromResult(Tried(io, locks, named, parsed.GetValue(force))))
            : await (await client.UnlockAsync(named, parsed.GetValue(reason) ?? "", parsed.GetValue(force), cancellation)).ThenAsync(io, receipt => Task.FromResult(Done(io, receipt)))
            : await (await client.LocksAsync(cancellation)).ThenAsync(io, locks => Task.FromResult(Write(io, locks)))));
        return command;
    }

    private static int Tried(CommandIo io, LockList list, string resource, bool force)
    {
        if (list.Locks.FirstOrDefault(one => one.Resource == resource) is not { } held)
            return DryRun.Told(io, new { command = "unlock", resource, sent = false, holder = (string?)null, consequence = "nothing" }, $"{resource} is not locked; nothing would be changed.");
        var over = held.Phase is null or ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed;
        if (!over && held.Percentage > 0 && !force)
            return DryRun.Refused(io, $"unlock {resource}", $"{held.Holder} is {Holder(held)} and keeps its lock; --force takes it away, and the release is then held");
        var consequence = over ? "another release can take it"
            : held.Percentage > 0 ? $"another release can take it, and {held.Holder} is held where it is until a person decides"
            : $"another release can take it, and {held.Holder} goes no further";
        return DryRun.Told(
            io,
            new { command = "unlock", resource, sent = false, holder = held.Holder.Value, consequence },
            $"{resource} is held by {held.Holder}, {Holder(held)}{Since(held.Since)}; unlock: {consequence}.");
    }

    private static int Done(CommandIo io, UnlockReceipt receipt)
    {
        if (io.Json) io.Data(receipt);
        else io.Data(Printable.Line($"{receipt.Resource} is free; {receipt.Release} held it{Since(receipt.Since)}"));
        io.Say(receipt.Running is { } phase
            ? $"{receipt.Release} is still {PhaseWords.Of(phase)} and goes no further by itself: `slipway show {receipt.Release}`."
            : "Another release can take it now.");
        return ExitCodes.Done;
    }

    private static int Write(CommandIo io, LockList list)
    {
        if (io.Json)
        {
            io.Data(list);
            return ExitCodes.Done;
        }

        foreach (var held in list.Locks) io.Data(Printable.Line($"{held.Resource}  {held.Holder}  {Holder(held)}{Since(held.Since)}"));
        io.Say(list.Locks.Count == 0
            ? "Nothing is locked."
            : "A lock goes when its release ends. Where that cannot be waited for: `slipway unlock RESOURCE --reason TEXT`.");
        return ExitCodes.Done;
    }

    private static string Holder(LockView held) => held.Phase is { } phase ? $"{PhaseWords.Of(phase)} at {Printable.Share(held.Percentage)}" : "without a ledger";

    private static string Since(DateTimeOffset? since) => since is { } at ? $" since {Printable.Moment(at)}" : "";
}
