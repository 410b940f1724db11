using Slipway.Core.Planning.Risk;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Intake;

/// <summary>A request as the table of inputs looks at it.</summary>
internal sealed class IntakeView(ReleaseRequest request, DateTimeOffset? now)
{
    /// <summary>The request.</summary>
    public ReleaseRequest Request { get; } = request;

    /// <summary>The time of the analysis; null: no date is in the past.</summary>
    public DateTimeOffset? Now { get; } = now;

    /// <summary>What the request's own content says about its risk.</summary>
    public RiskAssessment Assessment { get; } = RiskAssessor.Assess(request);

    /// <summary>The risk that counts.</summary>
    public RiskLevel Risk => Assessment.Counting;

    /// <summary>Whether it goes to dev and nowhere else.</summary>
    public bool OnlyDev => Request.Environments.Count > 0 && Request.Environments.All(environment => environment.Name == EnvironmentName.Dev);

    /// <summary>Whether it goes to production, or does not say where it goes.</summary>
    public bool InProd => Request.Environments.Count == 0 || Request.Environments.Any(environment => environment.Name == EnvironmentName.Prod);

    /// <summary>Whether a text says something: a placeholder does not, the word <c>none</c> does.</summary>
    public static bool IsStated(string? text) => text is not null && !PlaceholderText.Is(text);

    /// <summary>Whether a list says something: items of which none is a placeholder, or that there are none.</summary>
    /// <param name="path">Where the list stands.</param>
    /// <param name="count">How many items were read.</param>
    public bool IsListed(string path, int count) => (count > 0 && !HasPlaceholderItem(path)) || Request.SaysNone(path);

    /// <summary>The same of a list of texts, which a request that was not read from a file may fill with placeholders too.</summary>
    public bool IsListed(string path, IReadOnlyList<string>? items) =>
        IsListed(path, items?.Count ?? 0) && (items ?? []).All(IsStated);

    /// <summary>The same of a list whose absence is null: an empty one is an answer, also in a request that no file was read for.</summary>
    public bool IsAnswered(string path, IReadOnlyList<string>? items) =>
        items is not null && (IsListed(path, items) || (items.Count == 0 && !HasPlaceholderItem(path)));

    /// <summary>Whether an item of the list itself, not something inside one, is a placeholder.</summary>
    private bool HasPlaceholderItem(string path) => Request.Answers?.Any(answer =>
        answer.Value == AnswerKind.Placeholder && answer.Key.StartsWith(path + "[", StringComparison.Ordinal)
        && answer.Key.IndexOf(']', StringComparison.Ordinal) == answer.Key.Length - 1) == true;
}
