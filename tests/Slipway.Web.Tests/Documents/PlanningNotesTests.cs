using System.Text.RegularExpressions;
using Slipway.Core.Documents;
using Slipway.Core.Planning.Failures;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Requests;

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

    [Fact]
    [Trait("requirement", "S003-08")]
    public void Each_of_the_five_inputs_is_there_with_its_digest_or_as_absent_before_anything_is_planned()
    {
        string[] names = ["project request", "project rules", "technical specification", "implementation plan", "existing code"];
        var request = SampleDossiers.Of("authentication").Request;
        var full = Inputs(request with { Sources = new SourceSpec { Rules = ["no release on Friday"], Specification = "docs/spec.md", ImplementationPlan = "docs/plan.md", Code = "https://example.com/repo" } });
        Assert.Equal(names, full.Keys);
        Assert.All(full.Values, digest => Assert.Matches("^sha256:[0-9a-f]{64}$", digest));
        Assert.Equal(5, full.Values.Distinct().Count());
        Assert.Equal($"sha256:{RequestHash.Of(request with { Sources = null })}", Inputs(request with { Sources = null })["project request"]);
        Assert.Equal(["absent", "absent", "absent", "absent"], Inputs(request with { Sources = null }).Values.Skip(1));

        var notes = Notes(SampleDossiers.Of(request));
        Assert.True(notes.IndexOf("\nInputs\n", StringComparison.Ordinal) < notes.IndexOf("\n1. Failure modes\n", StringComparison.Ordinal));

        static Dictionary<string, string> Inputs(ReleaseRequest request)
        {
            var lines = Notes(SampleDossiers.Of(request)).Split('\n').SkipWhile(line => line != "Inputs").Skip(1).TakeWhile(line => line.Length > 0);
            return lines.Select(line => line[2..].Split(": ", 2)).ToDictionary(parts => parts[0], parts => parts[1]);
        }
    }

    private static string Notes(ReleaseDossier dossier) => ReleaseDocuments.Render(dossier, DocumentNames.PlanningNotes)!.Text;
}
