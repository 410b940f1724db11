using System.Runtime.CompilerServices;
using Slipway.Cli.Terminal;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Client;

/// <summary>
/// Follows a release's ledger entry by entry. A server that is away for a while (a restart) is waited for, because the release survives
/// it too.
/// </summary>
/// <param name="client">The server.</param>
/// <param name="host">Clock and messages.</param>
public sealed class ReleaseFollower(SlipwayClient client, CliHost host)
{
    /// <summary>How often the ledger is read.</summary>
    public static TimeSpan Poll { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an unreachable server is waited for before giving up.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The new entries of each poll behind <paramref name="after"/>, an empty list where there are none, without end; an error ends it. The
    /// very first failure is an error at once: then there never was a connection.
    /// </summary>
    public async IAsyncEnumerable<Answer<IReadOnlyList<LedgerEntry>>> FollowAsync(
        ReleaseId release, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var connected = false;
        long? lostAt = null;
        while (true)
        {
            var answer = await client.LedgerAsync(release, after, cancellation);
            if (answer is Answer<IReadOnlyList<LedgerEntry>>.Got { Value: var entries })
            {
                if (lostAt is not null)
                    await host.Error.WriteLineAsync("Connected again.");
                (connected, lostAt) = (true, null);
                after = entries.Count > 0 ? entries[^1].Sequence : after;
                yield return answer;
            }
            else if (answer is Answer<IReadOnlyList<LedgerEntry>>.Failed failed)
            {
                if (!connected || failed.Error.Kind != ServerErrors.UnreachableKind || (lostAt is { } since && host.Time.GetElapsedTime(since) > Patience))
                {
                    yield return answer;
                    yield break;
                }

                if (lostAt is null)
                {
                    lostAt = host.Time.GetTimestamp();
                    await host.Error.WriteLineAsync($"Connection lost ({Printable.Line(failed.Error.Why)}); trying again for {Patience.TotalMinutes:0} minutes.");
                }

                // Nothing new is known, but a caller's deadline must be able to pass.
                yield return new Answer<IReadOnlyList<LedgerEntry>>.Got([]);
            }

            await Task.Delay(Poll, host.Time, cancellation);
        }
    }
}
