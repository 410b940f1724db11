namespace Slipway.Core.Messages;

/// <summary>What is said to those who were told that a release starts, when it did not stay. Pure.</summary>
public static class Retraction
{
    /// <summary>The last word on a release, as the retraction of the notice of its start.</summary>
    public static MessageFacts Of(MessageFacts end, string version) => end with
    {
        Headline = $"{end.Headline}: the start is retracted",
        Details = $"You were told that {(version.Length > 0 ? version : "this release")} had started. That is taken back.\n{end.Details}",
    };
}
