using System.Globalization;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Documents.Stages;
using Slipway.Core.Planning.Failures;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Strategies;

namespace Slipway.Core.Documents.Plans;

/// <summary>The reasoning behind the plans, in five steps; plain text between release_planning tags, and never part of a plan.</summary>
internal static class PlanningNotesDocument
{
    public static string Render(ReleaseDossier dossier)
    {
        var profile = RiskProfile.Of(dossier.Request, dossier.Plan);
        List<string> lines = ["<release_planning>", Line($"Release {dossier.Plan.ReleaseId.Value}: {dossier.Title}"), "", "Inputs"];
        lines.AddRange(PlanInputs.Of(dossier.Request).Select(input => Line($"- {input.Name}: {input.Digest ?? "absent"}")));
        lines.Add("");
        lines.Add("1. Failure modes");
        foreach (var mode in FailureRegister.Of(RiskAssessor.Assess(dossier.Request).Scenarios, dossier.Plan))
        {
            lines.Add(Line(mode.Scenario.Applicable
                ? $"- {mode.Scenario.Id}: applies, {mode.Scenario.Severity.ToString().ToUpperInvariant()}: {mode.Scenario.Reason}; users would see: {mode.Scenario.Effect}; watched by {mode.Watch!.Trigger ?? mode.Watch.Check}; answered by {mode.Answer!.Sentence}"
                : $"- {mode.Scenario.Id}: does not apply, {mode.Scenario.Reason}"));
        }

        lines.AddRange(["", "2. Rollout strategy"]);
        var choice = StrategyChoice.Of(dossier.Request);
        lines.Add(Line($"- {choice.Pattern}: {choice.Reason}"));
        foreach (var guide in StageGuide.Of(dossier)) lines.Add(Line($"- stage {guide.Stage.Number} {guide.Stage.Name}: {guide.Stage.RunsAsText}; wait {guide.Wait}"));
        lines.AddRange(["", "3. Exit criteria"]);
        foreach (var trigger in dossier.Plan.Triggers) lines.Add(Line($"- {trigger.Name}: crossed when {DocumentNumbers.Crossing(trigger)}"));
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"- a regression of more than {dossier.Plan.Evidence.ErrorTolerance:0.##} times the old version's errors, at a budget of {dossier.Plan.Evidence.FalseRollbackBudget:P0} false rollbacks"));
        lines.AddRange(["", "4. Alarms and dashboards"]);
        foreach (var trigger in dossier.Plan.Triggers) lines.Add(Line($"- {trigger.Name}: {dossier.DashboardOf(trigger.Metric).Url}"));
        lines.AddRange(["", "5. Rollback by one command and its verification"]);
        lines.Add(Line($"- {dossier.RollbackCommand}: level 1 {DocumentNumbers.Minutes(dossier.Estimates.Level1)}, level 2 {DocumentNumbers.Minutes(dossier.Estimates.Level2)}, level 3 {DocumentNumbers.Minutes(dossier.Estimates.Level3)} by estimate; flags read back, smoke checks, metrics as before"));
        lines.AddRange(["", "Risk"]);
        lines.Add(Line($"- deployment risk {profile.DeploymentRisk.Value}: {string.Join("; ", profile.DeploymentRisk.Reasons)}"));
        lines.Add(Line($"- blast radius {profile.BlastRadius.Value}: {string.Join("; ", profile.BlastRadius.Reasons)}"));
        lines.Add(Line($"- rollback complexity {profile.RollbackComplexity.Value}: {string.Join("; ", profile.RollbackComplexity.Reasons)}"));
        lines.Add(Line($"- data risk {profile.DataRisk.Value}: {string.Join("; ", profile.DataRisk.Reasons)}"));
        lines.Add(Line($"- complexity {profile.Complexity.Value}: {string.Join("; ", profile.Complexity.Reasons)}"));
        lines.AddRange(["", "Defaults and remarks"]);
        foreach (var note in dossier.Plan.Notes) lines.Add(Line($"- {note}"));
        lines.Add("</release_planning>");
        return string.Join('\n', lines) + "\n";
    }

    // A tag in text of people would end the notes early.
    private static string Line(string text) => MarkdownText.Clean(text, 2000).Replace("<", "‹", StringComparison.Ordinal);
}
