using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Scenarios.World;
using Slipway.Simulation.World;
using Xunit.Sdk;

namespace Slipway.Simulation.Running;

/// <summary>At the end of a run: the outside's own records (flags, pipeline, mail) against the ledgers, and the ledgers against themselves.</summary>
internal static class OutsideRecords
{
    public static async Task<IReadOnlyList<string>> CheckAsync(SimulatedWorld world)
    {
        var found = new List<string>();
        foreach (var release in world.Ledgers.Releases)
        {
            var entries = world.Ledgers.EntriesOf(release);
            if (!world.Monitor.IsOver(release))
            {
                var state = ReleaseState.Fold(entries);
                found.Add($"7: {release} did not end; it is {state.Phase} since {state.PhaseSince:u}: {state.PhaseReason}");
                continue;
            }

            // Whose write it was cannot be told where releases take turns at a flag; each of them was looked at when it was made.
            var alone = world.Ledgers.Releases.All(other => other == release || !Flags(world, other).Overlaps(Flags(world, release)));
            try
            {
                await LedgerInvariants.CheckAsync(entries, alone ? world.Flags : null, world.Director.WasDisturbed);
                HookInvariants.Check(world.Hooks.Of(release), entries);
            }
            catch (XunitException failure)
            {
                found.Add($"{release}: {failure.Message}");
            }

            found.AddRange(await FlagsAsync(world, release, entries, alone));
            found.AddRange(Mails(world, release, entries));
        }

        found.AddRange(world.Monitor.Owed.Select(id => $"4: {id} was never recorded"));
        return found;
    }

    /// <summary>Who writes flags beside Slipway.</summary>
    public const string Someone = "someone else";

    /// <summary>What somebody else turned on so long before a rollback ended was to be seen by its last look.</summary>
    private static readonly TimeSpan LastLook = TimeSpan.FromMinutes(20);

    private static HashSet<FlagKey> Flags(SimulatedWorld world, ReleaseId release) =>
        [.. ((ReleaseCreated)world.Ledgers.EntriesOf(release)[0].Read()).Plan.Flags.Select(flag => flag.Key)];

    /// <summary>What failed is off, or what is left on is named; what completed is on.</summary>
    private static async Task<IReadOnlyList<string>> FlagsAsync(SimulatedWorld world, ReleaseId release, IReadOnlyList<LedgerEntry> entries, bool alone)
    {
        var state = ReleaseState.Fold(entries);
        var found = new List<string>();
        foreach (var captured in state.Captured?.Flags ?? [])
        {
            // Another release, or a person, may have written it since; its successor does so in the very moment at which it ends.
            var revisions = (await world.Flags.RevisionsAsync(captured.Key, default)).Where(revision => revision.At < state.EndedAt || (alone && revision.At == state.EndedAt)).ToList();
            if (revisions.Count == 0) continue;
            var last = revisions[^1];
            var others = revisions.FindIndex(revision => revision.Actor == Someone);

            // The store's own record of what was there before, not what the release says that it captured.
            if (alone && others < 0 && state.Phase is ReleasePhase.RolledBack && last.State.Json != revisions[0].State.Json)
                found.Add($"2: {release} is rolled back, {captured.Key} was {revisions[0].State.Json} and is {last.State.Json}");
            var capturedAt = entries.First(entry => entry.Type == "state.captured.v1").At;
            others = Enumerable.Range(1, revisions.Count - 1)
                .FirstOrDefault(index => revisions[index].Actor == Someone && revisions[index].At > capturedAt && revisions[index].State.Exposure < Left(index), -1);
            if (others >= 0 && revisions.Skip(others + 1).FirstOrDefault(revision => revision.Actor == "slipway" && revision.State.Exposure > revisions[others].State.Exposure) is { } raised)
                found.Add($"1: {captured.Key} was set to {revisions[others].State.Exposure} by somebody else, which is less than it was, and raised to {raised.State.Exposure} by {release}");

            // What a person raised and lowered again is as Slipway left it.
            Percentage Left(int index) => revisions.Take(index).LastOrDefault(revision => revision.Actor != Someone)?.State.Exposure ?? revisions[0].State.Exposure;
            if (state.Phase == ReleasePhase.Failed && last.State.Exposure > captured.Exposure
                && (last.Actor == "slipway" || (state.Rollback is not null && alone && last.At <= state.EndedAt - LastLook)) && !state.LeftToDo.Any(line => line.Contains(captured.Key.ToString(), StringComparison.Ordinal)))
                found.Add($"2: {release} failed, {captured.Key} is left at {last.State.Exposure}, and nobody is told: {string.Join("; ", state.LeftToDo)}");
            if (state.Phase == ReleasePhase.Completed && last.Actor == "slipway" && last.State.Exposure < Percentage.Full)
                found.Add($"1: {release} is completed, and {captured.Key} is at {last.State.Exposure}");
        }

        return found;
    }

    /// <summary>4: a mail or webhook that the ledger says was accepted was, and every mail is in a ledger; the same mail comes again only with the same id.</summary>
    private static IEnumerable<string> Mails(SimulatedWorld world, ReleaseId release, IReadOnlyList<LedgerEntry> entries)
    {
        var sent = world.Mailer.Sent.Select(one => one.Mail.OperationId.ToString("D")).ToHashSet(StringComparer.Ordinal);
        var posted = world.Webhook.Posted.Select(one => one.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (entry.Type == "message.sent.v1" && entry.Read() is MessageSent { Accepted: true } message && message.Recipient.Contains('@', StringComparison.Ordinal) && !sent.Contains(message.MessageId.ToString()))
                yield return $"4: {release} says that {message.MessageId} to {message.Recipient} was accepted, and no such mail was";
            if (entry.Type == "message.sent.v1" && entry.Read() is MessageSent { Accepted: true, Kind: EffectKind.Webhook } call && !posted.Contains(call.MessageId))
                yield return $"4: {release} says that {call.MessageId} to {call.Recipient} was accepted, and no such webhook was called";
        }

        foreach (var same in world.Mailer.Sent.GroupBy(one => one.Mail.OperationId))
        {
            if (same.Select(one => (one.Mail.To, one.Mail.Subject)).Distinct().Count() > 1) yield return $"4: two mails have the id {same.Key}";
        }
    }
}
