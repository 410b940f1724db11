namespace Slipway.Core.Documents.Commands;

/// <summary>What is done on one platform by hand: the steps that procedures are put together from.</summary>
public sealed record PlatformCommands
{
    /// <summary>The platform's name, for example <c>Kubernetes</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>What one running copy of the code is called there: pods, instances, replicas.</summary>
    public required string Units { get; init; }

    /// <summary>Brings the new version there, without users on it.</summary>
    public required ProcedureStep Deploy { get; init; }

    /// <summary>Shows that it has started.</summary>
    public required ProcedureStep Started { get; init; }

    /// <summary>Restarts without downtime.</summary>
    public required ProcedureStep Restart { get; init; }

    /// <summary>Shows errors of the last minutes.</summary>
    public required ProcedureStep Logs { get; init; }

    /// <summary>Brings the previous version back.</summary>
    public required ProcedureStep Revert { get; init; }

    /// <summary>Shows which version runs.</summary>
    public required ProcedureStep Version { get; init; }

    /// <summary>Takes old capacity away, when nothing needs it any more.</summary>
    public required ProcedureStep ScaleDownOld { get; init; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<ProcedureStep> All => [Deploy, Started, Restart, Logs, Revert, Version, ScaleDownOld];
}
