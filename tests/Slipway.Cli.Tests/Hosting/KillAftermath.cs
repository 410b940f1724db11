using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Contract;
using Slipway.Embedded.Flags;
using Slipway.Embedded.Storage;

namespace Slipway.Cli.Tests.Hosting;

/// <summary>What must be true when all is over, whatever was killed: counted in the outside's own records.</summary>
internal sealed class KillAftermath(TemporaryData data, IReadOnlyList<KilledRelease> releases)
{
    private readonly Dictionary<ReleaseId, IReadOnlyList<LedgerEntry>> _ledgers = [];

    /// <summary>Flag changes that were counted.</summary>
    public int Changes { get; private set; }

    /// <summary>Effects of deploy hooks that were counted.</summary>
    public int Hooks => 2 * releases.Count(release => release.Fate == Fate.Deep);

    /// <summary>Mails that were counted.</summary>
    public int Mails { get; private set; }

    /// <summary>Waits until every message that was to be sent is accepted, then checks ledgers, reports and mails.</summary>
    public async Task CheckServedAsync(ServeProcess server, CancellationToken stop)
    {
        foreach (var release in releases)
        {
            await Deadline.UntilAsync(
                async () => AllAccepted(release, _ledgers[release.Id] = await server.Operator.LedgerAsync(release.Id, 0, stop)), $"every mail of {release.Id}", stop);
            release.CheckLedger(_ledgers[release.Id]);
            var problems = ReportContract.Problems(await server.Operator.ReportAsync(release.Id, stop));
            Assert.True(problems.Count == 0, $"the report of {release.Id}: {string.Join("; ", problems)}");
        }

        CheckMails();
    }

    /// <summary>Reads the flags' revisions from the database of the server, which must be dead: each change took effect once.</summary>
    public async Task CheckFlagsAsync(CancellationToken stop)
    {
        await using var database = SlipwayDatabase.Open(data.Path);
        var flags = new SqliteFlagStore(database, TimeProvider.System);
        foreach (var release in releases) CheckFlag(release, await flags.RevisionsAsync(release.Flag, stop));
    }

    private void CheckFlag(KilledRelease release, IReadOnlyList<FlagRevision> revisions)
    {
        // The proof of the kill switch writes the flag's own content back, which changes nothing; all else is a change.
        var changes = revisions.Where((revision, index) => index == 0 || revision.State.Json != revisions[index - 1].State.Json).Skip(1).ToList();
        var done = Bodies(release).OfType<EffectFinished>()
            .Where(effect => effect is { Kind: EffectKind.Flag, Outcome: EffectOutcome.Done or EffectOutcome.AlreadyDone } && !effect.EffectId.StartsWith("kill-switch:", StringComparison.Ordinal))
            .DistinctBy(effect => effect.EffectId);
        Assert.Equal(done.Select(effect => effect.Flag!.Exposure), changes.Select(change => change.State.Exposure));

        var exposures = changes.Select(change => (int)change.State.Exposure.Value);
        if (release.Fate == Fate.Good) Assert.Equal([50, 100], exposures);
        else Assert.Equal([50, 0], exposures);
        if (release.Fate != Fate.Good) Assert.Equal(revisions[0].State.Json, revisions[^1].State.Json);
        Changes += changes.Count;
    }

    private void CheckMails()
    {
        var outbox = Directory.GetFiles(Path.Combine(data.Path, "outbox"), "*.eml").ToDictionary(file => Path.GetFileNameWithoutExtension(file)!);
        foreach (var release in releases)
        {
            var sent = Accepted(Bodies(release));
            foreach (var message in sent)
            {
                Assert.True(outbox.Remove(message.MessageId, out var file), $"{release.Id}: the mail {message.MessageId} ({message.Checkpoint}) to {message.Recipient} is not in the outbox");
                Assert.Contains(File.ReadLines(file).TakeWhile(line => line.Length > 0), line => line.Contains($"<{message.Recipient}>", StringComparison.Ordinal));
            }

            foreach (var recipient in release.Recipients)
            {
                foreach (var (checkpoint, times) in release.Due())
                {
                    var told = sent.Count(message => message.Recipient == recipient && message.Checkpoint == checkpoint);
                    Assert.True(told == times, $"{release.Id}: {recipient} was told of {checkpoint} {told} times, expected {times}");
                }
            }

            Mails += sent.Count;
        }

        // Nobody was told anything that no ledger knows of.
        Assert.Empty(outbox);
    }

    private static bool AllAccepted(KilledRelease release, IReadOnlyList<LedgerEntry> entries)
    {
        var bodies = entries.Select(entry => entry.Read()).ToList();
        var accepted = Accepted(bodies).Select(message => $"message:{message.MessageId}").ToHashSet();
        var intended = bodies.OfType<EffectIntended>().Where(effect => effect.Kind == EffectKind.Mail).Select(effect => effect.EffectId).ToHashSet();

        // The last message is written down only after the end of the release.
        return intended.Count >= release.Due().Sum(due => due.Times) * release.Recipients.Count && intended.IsSubsetOf(accepted);
    }

    private static List<MessageSent> Accepted(IEnumerable<LedgerBody> bodies) =>
        [.. bodies.OfType<MessageSent>().Where(message => message.Accepted).DistinctBy(message => message.MessageId)];

    private IEnumerable<LedgerBody> Bodies(KilledRelease release) => _ledgers[release.Id].Select(entry => entry.Read());
}
