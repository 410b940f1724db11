using Microsoft.Extensions.Logging;
using Slipway.Workflow.Diagnostics;

namespace Slipway.Web.Diagnostics;

/// <summary>
/// Writes the events of releases to the log, under the names and with the dimensions that alerts ask for. Each message begins with the
/// release's id and a colon, because some hosts keep the message of a record and not its dimensions.
/// </summary>
/// <param name="log">Where they go.</param>
public sealed partial class ReleaseEventLog(ILogger<ReleaseEventLog> log)
{
    /// <summary>Writes one event.</summary>
    public void Write(ReleaseEvent told)
    {
        var release = told.Release.Value;
        switch (told)
        {
            case ReleaseEvent.Started:
                Started(release);
                break;
            case ReleaseEvent.Ended ended:
                Ended(release, ended.Outcome, ended.Seconds);
                break;
            case ReleaseEvent.Stalled stalled:
                Stalled(release, stalled.Stage, stalled.Why);
                break;
            case ReleaseEvent.RollbackDone done:
                RollbackDone(release, done.Stage, done.Seconds, done.Why);
                break;
            case ReleaseEvent.RollbackFailed failed:
                RollbackFailed(release, failed.Stage, failed.Why);
                break;
            case ReleaseEvent.TelemetryDead dead:
                TelemetryDead(release, dead.Stage, dead.Why);
                break;
            case ReleaseEvent.MailDelayed delayed:
                MailDelayed(release, delayed.Why);
                break;
        }
    }

    [LoggerMessage(EventId = 4101, EventName = "slipway.release.started", Level = LogLevel.Information, Message = "{Release}: started")]
    private partial void Started(string release);

    [LoggerMessage(EventId = 4102, EventName = "slipway.release.ended", Level = LogLevel.Information, Message = "{Release}: {Outcome} after {Seconds} s")]
    private partial void Ended(string release, string outcome, double seconds);

    [LoggerMessage(EventId = 4103, EventName = "slipway.release.stalled", Level = LogLevel.Error, Message = "{Release}: stands still in stage {Stage}: {Why}")]
    private partial void Stalled(string release, int stage, string why);

    [LoggerMessage(EventId = 4104, EventName = "slipway.rollback.done", Level = LogLevel.Warning, Message = "{Release}: nobody is exposed any more, {Seconds} s after the cause in stage {Stage}: {Why}")]
    private partial void RollbackDone(string release, int stage, double seconds, string why);

    [LoggerMessage(EventId = 4105, EventName = "slipway.rollback.failed", Level = LogLevel.Critical, Message = "{Release}: could not be brought back from stage {Stage}: {Why}")]
    private partial void RollbackFailed(string release, int stage, string why);

    [LoggerMessage(EventId = 4106, EventName = "slipway.telemetry.dead", Level = LogLevel.Warning, Message = "{Release}: no usable telemetry in stage {Stage}: {Why}")]
    private partial void TelemetryDead(string release, int stage, string why);

    [LoggerMessage(EventId = 4107, EventName = "slipway.mail.delayed", Level = LogLevel.Warning, Message = "{Release}: {Why}")]
    private partial void MailDelayed(string release, string why);
}
