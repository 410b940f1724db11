using Slipway.Core.Ledgers;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Reporting;

/// <summary>Interim: the reporting slice replaces this file.</summary>
public static class ReleaseSummaries
{
    /// <summary>The summary of a folded ledger.</summary>
    public static ReleaseSummary Of(ReleaseState state) => new()
    {
        Id = state.Request.Release.Id,
        Title = state.Request.Release.Title,
        Version = state.Request.Release.Version,
        Phase = state.Phase,
        Percentage = state.Exposure.Value,
        Stage = state.Stage + 1,
        Stages = state.Plan.Stages.Count,
        Why = state.PhaseReason,
        NextEvent = state.NextEvent,
        NextAt = state.NextAt,
        StartedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
    };
}
