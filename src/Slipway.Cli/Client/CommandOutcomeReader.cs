using Slipway.Cli.Terminal;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Web.Api;

namespace Slipway.Cli.Client;

/// <summary>What became of a command.</summary>
public abstract record SentCommand
{
    private SentCommand()
    {
    }

    /// <summary>It was carried out.</summary>
    /// <param name="Effect">What changed.</param>
    public sealed record Applied(string Effect) : SentCommand;

    /// <summary>It was not.</summary>
    /// <param name="Why">Why not.</param>
    public sealed record Refused(string Why) : SentCommand;

    /// <summary>The release ended before the command's turn came.</summary>
    /// <param name="Phase">How it ended.</param>
    public sealed record Ended(ReleasePhase Phase) : SentCommand;

    /// <summary>Neither yet.</summary>
    public sealed record Waiting : SentCommand;

    /// <summary>The server could no longer be asked.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Lost(CliError Error) : SentCommand;
}

/// <summary>Waits in the ledger for a command's <c>applied</c> or <c>refused</c>.</summary>
internal static class CommandOutcomeReader
{
    public static async Task<SentCommand> WaitAsync(
        CliHost host, SlipwayClient client, ReleaseId release, CommandReceipt receipt, TimeSpan limit, CancellationToken cancellation)
    {
        var since = host.Time.GetTimestamp();
        await foreach (var answer in new ReleaseFollower(client, host).FollowAsync(release, receipt.Sequence, cancellation))
        {
            if (answer is Answer<IReadOnlyList<LedgerEntry>>.Failed failed)
                return new SentCommand.Lost(failed.Error);
            if (answer is Answer<IReadOnlyList<LedgerEntry>>.Got got && Find(got.Value, receipt.CommandId) is { } found)
                return found;
            if (host.Time.GetElapsedTime(since) >= limit)
                break;
        }

        return new SentCommand.Waiting();
    }

    private static SentCommand? Find(IReadOnlyList<LedgerEntry> entries, string commandId)
    {
        // The outcome counts before the end: an abort may be both.
        var bodies = entries
            .Where(entry => entry.Type is "command.applied.v1" or "command.refused.v1" or "release.ended.v1")
            .Select(entry => entry.Read())
            .ToList();
        foreach (var body in bodies)
        {
            if (body is CommandApplied applied && applied.CommandId == commandId)
                return new SentCommand.Applied(applied.Effect);
            if (body is CommandRefused refused && refused.CommandId == commandId)
                return new SentCommand.Refused(refused.Why);
        }

        return bodies.OfType<ReleaseEnded>().FirstOrDefault() is { } ended ? new SentCommand.Ended(ended.Phase) : null;
    }
}
