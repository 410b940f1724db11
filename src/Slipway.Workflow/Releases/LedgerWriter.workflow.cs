using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;

namespace Slipway.Workflow.Releases;

/// <summary>
/// Entries on their way to a release's ledger: buffered at once, written in order, in the background, as often as it takes. Whoever must not
/// act unrecorded waits for <see cref="Recorded"/>; what saves users, and the page that a person has to come, waits for it only with a limit.
/// </summary>
internal sealed class LedgerWriter(IWorkflowContext context, ReleaseId release)
{
    /// <summary>
    /// How long the last word on a release waits for the ledger before it goes out all the same. Every external effect has an entry before and
    /// after it; the exceptions are what takes users back and the word to people that it did or did not, which nothing may delay without bound:
    /// their entries follow, in order, when the ledger takes them.
    /// </summary>
    public static readonly TimeSpan LastWordPatience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly List<LedgerDraft> _unwritten = [];
    private Task? _flushing;

    /// <summary>Records something.</summary>
    public void Add(params IReadOnlyList<LedgerDraft> drafts)
    {
        if (drafts.Count == 0) return;
        _unwritten.AddRange(drafts);
        _flushing ??= Flush();
    }

    /// <summary>Completes when everything recorded so far is in the ledger.</summary>
    public Task Recorded() => _flushing ?? Task.CompletedTask;

    /// <summary>Completes when everything recorded so far is in the ledger, or at a moment, whichever is first.</summary>
    public async Task RecordedUntil(DateTimeOffset moment)
    {
        using var cancel = new CancellationTokenSource();
        await Task.WhenAny(Recorded(), context.SleepUntil(moment, cancel.Token));
        cancel.Cancel();
    }

    private async Task Flush()
    {
        for (var attempt = 0; _unwritten.Count > 0;)
        {
            LedgerDraft[] batch = [.. _unwritten];
            var (written, _) = await context.Attempt(context.RunActivity(ReleaseActivities.Append, new AppendInput(release, batch)), Timeout);
            if (written is not null)
            {
                // A late second write of the same batch is harmless: entries are idempotent by id.
                _unwritten.RemoveRange(0, batch.Length);
                attempt = 0;
            }
            else
            {
                await context.SleepUntil(context.Now + Insistence.Backoff(attempt++));
            }
        }

        _flushing = null;
    }
}
