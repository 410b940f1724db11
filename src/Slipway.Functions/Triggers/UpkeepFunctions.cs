using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Slipway.Functions.Composition;

namespace Slipway.Functions.Triggers;

/// <summary>What is done beside the releases; the platform runs each on one instance of the app at a time.</summary>
/// <param name="app">The application.</param>
/// <param name="log">Tells what was done.</param>
public sealed partial class UpkeepFunctions(SlipwayApp app, ILogger<UpkeepFunctions> log)
{
    /// <summary>Hands over mails that wait for the service's limits, once a minute.</summary>
    [Function("mail_queue")]
    public async Task DrainMail([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        if (await app.DrainMailAsync(cancellation) is > 0 and var handed) LogHanded(handed);
    }

    /// <summary>Keeps releases that are over, and purges their instances when their time has come, once an hour.</summary>
    [Function("retention")]
    public async Task Retain([TimerTrigger("0 17 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        if (app.Retention(client) is not { } retention) return;
        var outcome = await retention.RunAsync(cancellation);
        foreach (var release in outcome.Kept) LogKept(release.Value);
        foreach (var release in outcome.Purged) LogPurged(release.Value);
        foreach (var problem in outcome.Problems) LogProblem(problem);
    }

    [LoggerMessage(EventId = 4010, Level = LogLevel.Information, Message = "{Count} mails that had waited were handed over")]
    private partial void LogHanded(int count);

    [LoggerMessage(EventId = 4011, Level = LogLevel.Information, Message = "{Release}: report, ledger and documents are kept")]
    private partial void LogKept(string release);

    [LoggerMessage(EventId = 4012, Level = LogLevel.Information, Message = "{Release}: its instances are purged")]
    private partial void LogPurged(string release);

    [LoggerMessage(EventId = 4013, Level = LogLevel.Error, Message = "not kept: {Problem}")]
    private partial void LogProblem(string problem);
}
