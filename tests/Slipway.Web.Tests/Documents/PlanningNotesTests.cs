using System.Text.RegularExpressions;
using Slipway.Core.Documents;
using Slipway.Core.Planning.Failures;
using Slipway.Core.Planning.Risk;

namespace Slipway.Web.Tests.Documents;

public sealed class PlanningNotesTests
{
    public static TheoryData<string> Requests => [.. SampleDossiers.Names];

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S000-30")]
    [Trait("requirement", "S003-09")]
    [Trait("requirement", "X06")]
    public void Five_steps_of_reasoning_stand_in_order_between_the_tags_and_in_no_plan(string name)
    {
        var dossier = SampleDossiers.Of(name);
        var notes = Notes(dossier);
        Assert.StartsWith("<release_planning>\n", notes, StringComparison.Ordinal);
        Assert.EndsWith("\n</release_planning>\n", notes, StringComparison.Ordinal);
        Assert.Equal(
            ["Failure modes", "Rollout strategy", "Exit criteria", "Alarms and dashboards", "Rollback by one command and its verification"],
            Regex.Matches(notes, @"(?m)^\d\. (.+)$").Select(match => match.Groups[1].Value));
        Assert.All(ReleaseDocuments.Render(dossier).Where(document => document.Name != DocumentNames.PlanningNotes), document => Assert.DoesNotContain("release_planning", document.Text, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S004-14")]
    [Trait("requirement", "S004-38")]
    public void Every_failure_mode_is_there_with_what_watches_and_answers_it(string name)
    {
        var dossier = SampleDossiers.Of(name);
        var notes = Notes(dossier);
        Assert.All(FailureRegister.Of(RiskAssessor.Assess(dossier.Request).Scenarios, dossier.Plan), mode =>
        {
            var line = Assert.Single(notes.Split('\n'), line => line.StartsWith($"- {mode.Scenario.Id}: ", StringComparison.Ordinal));
            if (mode.Scenario.Applicable) Assert.Contains("answered by", line, StringComparison.Ordinal);
            else Assert.Contains("does not apply", line, StringComparison.Ordinal);
        });
    }

    private static string Notes(ReleaseDossier dossier) => ReleaseDocuments.Render(dossier, DocumentNames.PlanningNotes)!.Text;
}
