using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Slipway.Functions.Composition;

namespace Slipway.Functions.Triggers;

/// <summary>Sweeps once a minute; the platform runs it on one instance of the app at a time.</summary>
/// <param name="app">The application.</param>
/// <param name="log">Tells what was repaired.</param>
public sealed partial class SweepFunction(SlipwayApp app, ILogger<SweepFunction> log)
{
    /// <summary>One sweep. A failed one is logged by the platform, and the next one tries again.</summary>
    [Function("sweep")]
    public async Task Sweep([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        foreach (var release in await app.Sweeper(client).SweepAsync(cancellation)) LogRepaired(release.Value);
    }

    [LoggerMessage(EventId = 4005, Level = LogLevel.Warning, Message = "{Release}: a lost signal was repaired")]
    private partial void LogRepaired(string release);
}
