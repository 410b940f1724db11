using Slipway.Core.Releases;

namespace Slipway.Web.Pages;

/// <summary>How a phase looks: an icon and a tone beside its word, so that colour never stands alone. Pure.</summary>
/// <param name="Icon">One character; screen readers skip it.</param>
/// <param name="Tone">The class of its colour.</param>
public sealed record PhaseMark(string Icon, string Tone)
{
    /// <summary>The mark of a phase.</summary>
    public static PhaseMark Of(ReleasePhase phase) => phase switch
    {
        ReleasePhase.Completed => new("✓", "good"),
        ReleasePhase.RolledBack => new("↩", "bad"),
        ReleasePhase.RollingBack => new("↩", "bad"),
        ReleasePhase.Failed => new("✕", "bad"),
        ReleasePhase.Paused => new("‖", "hold"),
        ReleasePhase.Approving or ReleasePhase.Waiting => new("…", "hold"),
        _ => new("▶", "run"),
    };
}
