using Slipway.Core.Releases;

namespace Slipway.Web.Api;

/// <summary>Where everything about a release is, as paths on this server.</summary>
/// <param name="Self">The report.</param>
/// <param name="Summary">One line's worth.</param>
/// <param name="Ledger">All ledger entries.</param>
/// <param name="Events">New ledger entries as they come.</param>
/// <param name="Commands">Where commands are posted.</param>
public sealed record ReleaseLinks(string Self, string Summary, string Ledger, string Events, string Commands)
{
    /// <summary>The links of a release.</summary>
    public static ReleaseLinks Of(ReleaseId release)
    {
        var self = $"/api/releases/{release.Value}";
        return new ReleaseLinks(self, $"{self}/summary", $"{self}/ledger", $"{self}/events", $"{self}/commands");
    }
}
