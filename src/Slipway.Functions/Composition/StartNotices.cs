using Microsoft.Extensions.Logging;

namespace Slipway.Functions.Composition;

/// <summary>Tells, once at the start, what whoever starts the application has to know.</summary>
internal static partial class StartNotices
{
    /// <summary>Writes each into the log.</summary>
    public static void Tell(IReadOnlyList<string> notices, ILoggerFactory logs)
    {
        var log = logs.CreateLogger("Slipway.Start");
        foreach (var notice in notices) LogNotice(log, notice);
    }

    [LoggerMessage(EventId = 4020, Level = LogLevel.Warning, Message = "{Notice}")]
    private static partial void LogNotice(ILogger log, string notice);
}
