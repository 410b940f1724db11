using Slipway.Core.Messages;
using Slipway.Core.Requests;

namespace Slipway.Workflow.Releases;

/// <summary>The notice a day before the start. It runs beside approvals and waits, and nothing waits for it.</summary>
internal sealed partial class ReleaseRun
{
    /// <summary>The start that people are told: the request's, moved to when its windows and the calendar first let it begin.</summary>
    private DateTimeOffset? StartAhead() =>
        _request.Release.StartAt is { } start && start > context.Now ? _schedule.NextOpening(start) ?? start : _request.Release.StartAt;

    /// <summary>Tells everyone when the start is a day away, or at once when it is nearer; not at all when there is no start ahead.</summary>
    private async Task Announce(CancellationToken ended)
    {
        if (StartAhead() is not { } start || start <= context.Now) return;
        if (start - AdvanceNotice.Ahead > context.Now)
        {
            try
            {
                await context.SleepUntil(start - AdvanceNotice.Ahead, ended);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }

        if (_stop is not null || _machine.Exposed || _machine.IsTerminal) return;
        Post(Checkpoint.Notice, AdvanceNotice.Headline(_request, start), AdvanceNotice.Details(_request, _plan, start));
    }
}
