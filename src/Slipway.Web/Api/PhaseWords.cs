using System.Text.Json;
using Slipway.Core.Releases;

namespace Slipway.Web.Api;

/// <summary>Phases in words for people.</summary>
public static class PhaseWords
{
    /// <summary>For example <c>rolled back</c>.</summary>
    public static string Of(ReleasePhase phase) => JsonNamingPolicy.SnakeCaseLower.ConvertName(phase.ToString()).Replace('_', ' ');

    /// <summary>Whether nothing changes any more.</summary>
    public static bool IsTerminal(ReleasePhase phase) =>
        phase is ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed;
}
