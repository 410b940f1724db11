using Slipway.Core.Releases;

namespace Slipway.Web.Pages;

/// <summary>A page that asks once more before something is done.</summary>
public sealed record ConfirmModel
{
    /// <summary>What is around it.</summary>
    public required PageFrame Frame { get; init; }

    /// <summary>The release.</summary>
    public required ReleaseId Release { get; init; }

    /// <summary>What would be done, as a heading.</summary>
    public required string Heading { get; init; }

    /// <summary>What it causes, to whom.</summary>
    public required string Consequence { get; init; }

    /// <summary>The label of the button that does it.</summary>
    public required string Label { get; init; }

    /// <summary>Where the form is posted.</summary>
    public required string Action { get; init; }

    /// <summary>The form's anti-forgery token.</summary>
    public required string FormToken { get; init; }

    /// <summary>The id under which it is recorded: a form that is sent twice counts once.</summary>
    public required string CommandId { get; init; }

    /// <summary>The word to type; null: none.</summary>
    public string? Typed { get; init; }

    /// <summary>Whether a duration is asked for.</summary>
    public bool AsksDuration { get; init; }

    /// <summary>Whether it takes something from users.</summary>
    public bool Danger { get; init; }

    /// <summary>What was wrong with the form as it was sent; empty: nothing.</summary>
    public string Problem { get; init; } = "";

    /// <summary>What was sent as reason.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What was sent as duration.</summary>
    public string Duration { get; init; } = "30m";

    /// <summary>The command line that does the same.</summary>
    public required string Cli { get; init; }

    /// <summary>The HTTP request that does the same; empty: none.</summary>
    public string Http { get; init; } = "";
}
