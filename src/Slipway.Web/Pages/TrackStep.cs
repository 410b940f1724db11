using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Web.Pages;

/// <summary>One stage of the track. Pure.</summary>
/// <param name="Label">Its share, with the environment where there are several.</param>
/// <param name="State">Where it stands, in one or two words.</param>
/// <param name="Icon">One character for it.</param>
/// <param name="Tone">The class of its colour.</param>
/// <param name="Current">Whether the release stands here.</param>
/// <param name="StartedAt">When its exposure was read back; null before.</param>
/// <param name="Sentence">What its evidence said at its end; empty before.</param>
public sealed record TrackStep(string Label, string State, string Icon, string Tone, bool Current, DateTimeOffset? StartedAt, string Sentence)
{
    /// <summary>The track of a recorded release.</summary>
    public static IReadOnlyList<TrackStep> Of(ReleaseState state) =>
        [.. state.Stages.Select(stage => Of(state, stage))];

    private static TrackStep Of(ReleaseState state, StageState stage)
    {
        var here = stage.Index == state.Stage;
        var back = state.Phase is ReleasePhase.RollingBack or ReleasePhase.RolledBack || (state.Phase == ReleasePhase.Failed && state.Rollback is not null);
        var (word, icon, tone) = (stage.Status, back) switch
        {
            (StageStatus.Completed, true) => ("passed, then taken back", "↩", "bad"),
            (StageStatus.Active, true) => ("taken back", "↩", "bad"),
            (StageStatus.Completed, false) => ("passed", "✓", "good"),
            (StageStatus.Active, false) when state.Phase == ReleasePhase.Paused => ("paused", "‖", "hold"),
            (StageStatus.Active, false) => ("active", "●", "run"),
            _ when here && state.Phase == ReleasePhase.Shifting => ("being set", "●", "run"),
            _ when state.IsTerminal => ("not reached", "○", "none"),
            _ => ("to come", "○", "none"),
        };
        return new TrackStep(state.Plan.Describe(stage.Index), word, icon, tone, here && !state.IsTerminal && stage.Status == StageStatus.Active, stage.StartedAt, stage.Sentence);
    }
}
