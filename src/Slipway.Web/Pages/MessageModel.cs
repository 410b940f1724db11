namespace Slipway.Web.Pages;

/// <summary>A page that says one thing: what happened, why, and what to do.</summary>
/// <param name="Frame">What is around it.</param>
/// <param name="What">The heading.</param>
/// <param name="Why">Why.</param>
/// <param name="Fix">What to do; empty: nothing.</param>
/// <param name="Id">The id of this occurrence in the server's log; empty: none.</param>
public sealed record MessageModel(PageFrame Frame, string What, string Why, string Fix, string Id)
{
    /// <summary>Every problem of an input; null: it is no problem of input.</summary>
    public IReadOnlyList<Slipway.Core.Requests.RequestProblem>? Errors { get; init; }

    /// <summary>The release that it is about; null: none.</summary>
    public string? Release { get; init; }
}
