using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Functions.Policy;

/// <summary>Looks at the server policy once a minute, on every instance of the app, and tells what became of it.</summary>
/// <param name="standing">How the policy stands.</param>
/// <param name="look">Looks anew.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Tells.</param>
internal sealed partial class PolicyWatch(Func<PolicyStanding> standing, Func<CancellationToken, Task> look, TimeProvider time, ILogger<PolicyWatch> log) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    /// <summary>What stays wrong is told again so often: an alert ends by itself when it hears nothing for ten minutes.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(5);

    private PolicyStanding? _told;
    private DateTimeOffset _toldAt;

    /// <summary>Looks, and tells. Throws only what <paramref name="cancellation"/> causes.</summary>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await look(cancellation);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            // An exception here would end the whole application.
            LogFailed(error);
        }

        Tell();
    }

    /// <summary>Tells what is new, and again what is still wrong.</summary>
    internal void Tell()
    {
        var now = standing();
        var news = _told is null || _told.Origin != now.Origin || _told.Text != now.Text || _told.Details != now.Details || _told.NotKept != now.NotKept;
        if (!news && !(now.Degraded && time.GetUtcNow() - _toldAt >= Reminder)) return;
        if (now.Degraded) LogDegraded(now.Origin == PolicyOrigin.Unknown ? LogLevel.Critical : LogLevel.Error, now.Words, now.Details);
        else if (_told is not null && (_told.Degraded || _told.Text != now.Text)) LogChanged();
        if (now.NotKept.Length > 0) LogNotKept(now.NotKept);
        if (now.Ignored.Length > 0 && (_told is null || _told.Ignored != now.Ignored)) LogIgnored(now.Ignored);
        (_told, _toldAt) = (now, time.GetUtcNow());
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Tell();
        using var timer = new PeriodicTimer(Between, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
    }

    [LoggerMessage(EventId = 4021, Level = LogLevel.Warning, Message = "policy: the server policy was read anew and is in force")]
    private partial void LogChanged();

    [LoggerMessage(EventId = 4022, EventName = "slipway.policy.degraded", Message = "policy: {Standing}. {Why}")]
    private partial void LogDegraded(LogLevel level, string standing, string why);

    [LoggerMessage(EventId = 4024, Level = LogLevel.Warning, Message = "policy: no copy of the server policy could be kept for a start without App Configuration: {Why}")]
    private partial void LogNotKept(string why);

    [LoggerMessage(EventId = 4026, Level = LogLevel.Warning, Message = "policy: on this platform these parts of it have no effect: {Ignored}. People sign in by the platform, and approvers stand in approver_groups; take them out")]
    private partial void LogIgnored(string ignored);

    [LoggerMessage(EventId = 4025, Level = LogLevel.Error, Message = "policy: the look at the server policy failed")]
    private partial void LogFailed(Exception error);
}
