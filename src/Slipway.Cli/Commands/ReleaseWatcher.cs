using System.Globalization;
using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Web.Api;
using Slipway.Web.Words;

namespace Slipway.Cli.Commands;

/// <summary>Prints a release's changes until it is over: what <c>watch</c> and <c>start --wait</c> do.</summary>
/// <param name="io">Where to.</param>
/// <param name="client">The server.</param>
/// <param name="lines">Where plain lines go: stdout for <c>watch</c>, stderr for <c>start --wait</c>.</param>
/// <param name="ndjson">Whether each entry is a line of JSON on stdout instead.</param>
internal sealed class ReleaseWatcher(CommandIo io, SlipwayClient client, TextWriter lines, bool ndjson)
{
    /// <summary>The schema of the NDJSON lines.</summary>
    public const string Schema = "slipway.watch.v1";

    private readonly HashSet<string> _due = new(StringComparer.Ordinal);
    private (int Stage, Verdict Verdict)? _judged;
    private bool _concluding;
    private bool _toldOfNotices;

    /// <summary>Follows until the end, the timeout or an error; null: no timeout.</summary>
    public async Task<int> RunAsync(ReleaseId release, TimeSpan? timeout, CancellationToken cancellation)
    {
        var since = io.Host.Time.GetTimestamp();
        await foreach (var answer in new ReleaseFollower(client, io.Host).FollowAsync(release, 0, cancellation))
        {
            if (answer is Answer<IReadOnlyList<LedgerEntry>>.Failed failed)
                return io.Fail(failed.Error);
            if (answer is Answer<IReadOnlyList<LedgerEntry>>.Got { Value: var entries } && Print(entries) is { } end)
                return Finish(release, end);
            TellOfNotices(release);
            if (timeout is { } limit && io.Host.Time.GetElapsedTime(since) >= limit)
                return io.Fail(StillWaiting(release, limit));
        }

        throw new InvalidOperationException("Following a release ended without an end.");
    }

    private ReleasePhase? Print(IReadOnlyList<LedgerEntry> entries)
    {
        foreach (var entry in entries)
        {
            var words = LedgerText.Of(entry);
            if (ndjson)
                io.Data(new { schema = Schema, entry.Sequence, entry.At, entry.Actor, entry.Type, text = words ?? "", entry.Body });
            else if (words is not null && IsChange(entry))
                lines.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Printable.Moment(entry.At)}  #{entry.Sequence,-4} {Printable.Line(words)}"));
            Notice(entry);
            if (entry.Type == "release.ended.v1" && entry.Read() is ReleaseEnded ended)
                return ended.Phase;
        }

        return null;
    }

    /// <summary>Polls that say the same as the one before are no change.</summary>
    private bool IsChange(LedgerEntry entry)
    {
        if (entry.Type != "interval.judged.v1" || entry.Read() is not IntervalJudged judged)
            return true;
        var now = (judged.Stage, judged.Assessment.Verdict);
        var changed = _judged != now;
        _judged = now;
        return changed;
    }

    /// <summary>Keeps what the hint about notices needs: whether the release waits for them, and which are still due.</summary>
    private void Notice(LedgerEntry entry)
    {
        if (entry.Type == "phase.entered.v1" && entry.Read() is PhaseEntered phase)
            _concluding = phase.Phase == ReleasePhase.Concluding;
        else if (entry.Type == "message.sent.v1" && entry.Read() is MessageSent message)
            _ = message.Accepted ? _due.Remove(message.MessageId) : _due.Add(message.MessageId);
    }

    // Once: the notices are tried again for a day, and nothing else is left for a person to do.
    private void TellOfNotices(ReleaseId release)
    {
        if (!_concluding || _due.Count == 0 || _toldOfNotices)
            return;
        _toldOfNotices = true;
        io.Say($"{release} waits for notices that were not accepted. If they cannot be delivered: `slipway acknowledge {release}`.");
    }

    private int Finish(ReleaseId release, ReleasePhase phase)
    {
        var code = phase == ReleasePhase.Completed ? ExitCodes.Done : ExitCodes.RolledBack;
        if (ndjson)
            io.Data(new { schema = Schema, type = "end", release, phase, exit_code = code });
        io.Say($"{release} is {PhaseWords.Of(phase)}. The report: `slipway show {release} --json`.");
        return code;
    }

    /// <summary>The release goes on, and nobody waits for it any longer.</summary>
    public static CliError StillWaiting(ReleaseId release, TimeSpan limit) => new()
    {
        ExitCode = ExitCodes.StillWaiting,
        Kind = "still_waiting",
        What = $"{release} is not over after {DurationText.Format(limit)}",
        Why = "the release goes on by itself",
        Fix = $"Follow it with `slipway watch {release}`.",
    };
}
