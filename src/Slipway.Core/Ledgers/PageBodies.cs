namespace Slipway.Core.Ledgers;

/// <summary>People on call were paged and are expected to acknowledge it.</summary>
/// <param name="Id">Unique in the release, for example <c>p1</c>.</param>
/// <param name="Headline">What about.</param>
/// <param name="To">Who was told.</param>
/// <param name="EscalateAt">When the next contact is told unless somebody acknowledged; null: there is nobody further.</param>
public sealed record PageOpened(string Id, string Headline, IReadOnlyList<string> To, DateTimeOffset? EscalateAt) : LedgerBody;

/// <summary>Nobody acknowledged a page in time, so the next contact was told.</summary>
/// <param name="Id">The page.</param>
/// <param name="To">Who was told now.</param>
/// <param name="EscalateAt">When the next one is; null: there is nobody further.</param>
public sealed record PageEscalated(string Id, IReadOnlyList<string> To, DateTimeOffset? EscalateAt) : LedgerBody;

/// <summary>A page needs no acknowledgement any more.</summary>
/// <param name="Id">The page.</param>
/// <param name="By">Who acknowledged; <c>slipway</c> when the release ended first.</param>
/// <param name="Reason">By what, in a few words.</param>
public sealed record PageEnded(string Id, string By, string Reason) : LedgerBody;

/// <summary>A page and what became of it.</summary>
/// <param name="Opened">What about, and who was told first.</param>
/// <param name="At">When.</param>
/// <param name="Told">Everyone who was told, in order.</param>
/// <param name="EscalateAt">When the next contact is told; null: nobody further.</param>
/// <param name="Ended">How it ended; null while nobody acknowledged it.</param>
public sealed record PageFact(PageOpened Opened, DateTimeOffset At, IReadOnlyList<string> Told, DateTimeOffset? EscalateAt, PageEnded? Ended);

/// <summary>What pages change in the state.</summary>
internal static class PageFold
{
    public static ReleaseState Open(ReleaseState state, DateTimeOffset at, PageOpened opened) =>
        state with { Pages = state.Pages.Add(new PageFact(opened, at, opened.To, opened.EscalateAt, null)) };

    public static ReleaseState Escalate(ReleaseState state, PageEscalated escalated) =>
        Change(state, escalated.Id, fact => fact with { Told = [.. fact.Told, .. escalated.To], EscalateAt = escalated.EscalateAt });

    public static ReleaseState End(ReleaseState state, PageEnded ended) => Change(state, ended.Id, fact => fact with { Ended = fact.Ended ?? ended, EscalateAt = null });

    private static ReleaseState Change(ReleaseState state, string id, Func<PageFact, PageFact> change)
    {
        var index = state.Pages.FindIndex(fact => fact.Opened.Id == id);
        return index < 0 ? state : state with { Pages = state.Pages.SetItem(index, change(state.Pages[index])) };
    }
}
