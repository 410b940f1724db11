namespace Slipway.Core.Reporting.Contract;

/// <summary>The rollback.</summary>
/// <param name="Required">Whether one was decided.</param>
/// <param name="TriggeredBy">By whom; automated by convention without a rollback.</param>
/// <param name="Reason">Metric, value and limit, or the person.</param>
/// <param name="StartedAt">When it was decided.</param>
/// <param name="CompletedAt">When it was verified, or given up.</param>
/// <param name="DurationMinutes">So far, or in all.</param>
/// <param name="Success">Whether the release is verified back.</param>
/// <param name="DataLoss">Whether data was lost.</param>
public sealed record RollbackStatus(
    bool Required,
    RollbackOrigin TriggeredBy,
    string Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset CompletedAt,
    double DurationMinutes,
    bool Success,
    bool DataLoss);

/// <summary>Who decided.</summary>
public enum RollbackOrigin
{
    /// <summary>The watch.</summary>
    Automated,

    /// <summary>A person.</summary>
    Manual,
}
