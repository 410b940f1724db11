using System.Runtime.CompilerServices;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Intake;

/// <summary>
/// Finds what a valid request does not say: what blocks its start, and what stays an open question in plan and report. All of it comes at
/// once. Placeholders (<see cref="PlaceholderText"/>) say nothing; the word <c>none</c> is an answer.
/// </summary>
public static class IntakeGaps
{
    /// <summary>A request is immutable, and documents and risk ask for the same analysis: of one that says no time it is made once while the request lives.</summary>
    private static readonly ConditionalWeakTable<ReleaseRequest, GapReport> Known = [];

    /// <summary>Analyses a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="profile">What blocks.</param>
    /// <param name="now">The time of the analysis, for dates that have passed; null: none has.</param>
    public static GapReport Analyse(ReleaseRequest request, IntakeProfile profile = IntakeProfile.Standard, DateTimeOffset? now = null) =>
        profile == IntakeProfile.Standard && now is null ? Known.GetValue(request, static one => Make(one, IntakeProfile.Standard, null)) : Make(request, profile, now);

    private static GapReport Make(ReleaseRequest request, IntakeProfile profile, DateTimeOffset? now)
    {
        var view = new IntakeView(request, now);
        var gaps = new List<Gap>();
        foreach (var input in IntakeTable.Inputs.Where(input => profile != IntakeProfile.Brief || input.Brief))
        {
            var blocks = input.Blocks(view, profile);
            gaps.AddRange(input.Find(view).Where(finding => gaps.All(gap => gap.Path != finding.Path)).Select(finding => Gap(finding, blocks)));
        }

        if (profile != IntakeProfile.Brief) gaps.AddRange(Unfilled(request, gaps));
        var blocking = gaps.Where(gap => gap.Blocking).ToList();
        return new GapReport(
            profile,
            [.. blocking, .. gaps.Where(gap => !gap.Blocking)],
            blocking.Count == 0
                ? null
                : new InsufficientContext([.. blocking.Select(gap => $"{gap.Path}: {gap.Missing}")], DeploymentBlockers.Of(request), blocking[0].NextStep));
    }

    private static Gap Gap(IntakeFinding finding, bool blocks) =>
        new(finding.Path, finding.Missing, finding.Question, finding.NextStep ?? $"Answer at {finding.Path}: {finding.Missing}.", blocks);

    /// <summary>A placeholder outside the table stands for something that its author meant to say: an approval, a freeze. Read as empty it
    /// would quietly change what is run, and so it blocks.</summary>
    private static IEnumerable<Gap> Unfilled(ReleaseRequest request, IReadOnlyList<Gap> gaps) =>
        (request.Answers ?? new Dictionary<string, AnswerKind>())
            .Where(answer => answer.Value == AnswerKind.Placeholder && !gaps.Any(gap => Covers(gap.Path, answer.Key)) && !IntakeTable.Asks(answer.Key))
            .Select(answer => new Gap(
                answer.Key, "what the placeholder stands for", $"What belongs at {answer.Key}, where there is only a placeholder?",
                $"Fill {answer.Key} in, or remove the line.", Blocking: true))
            .ToList();

    private static bool Covers(string gap, string path) =>
        path.StartsWith(gap, StringComparison.Ordinal) && (path.Length == gap.Length || path[gap.Length] is '.' or '[');
}
