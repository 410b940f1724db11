using System.Globalization;
using Slipway.Core.Documents.Changelog;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting.Contract;

namespace Slipway.Core.Reporting;

/// <summary>The report in at most 200 words: what and where first, then why, the evidence, what is next, and the changes last, so that a
/// long change list is what gets cut.</summary>
internal static class SummarySection
{
    public static string Of(ReportView view)
    {
        var (state, request, changes) = (view.State, view.Request, ReleaseChanges.Of(view.Request.Changes));
        return ReportText.Words(
        [
            $"{Headline(view)}.",
            Sentence(state.Rollback is { } rollback && state.PhaseReason != rollback.Reason ? $"Rolled back because {rollback.Reason}. {state.PhaseReason}" : state.PhaseReason),
            Sentence(Evidence(view)),
            Sentence(state.Assessment is { } assessment && view.Status == ReportStatus.InProgress ? assessment.Sentence : ""),
            Sentence(state.NextAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"Next: {state.NextEvent} at {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z") : ""),
            Sentence(state.LeftToDo.Count > 0 ? $"Left to do: {string.Join("; ", state.LeftToDo)}" : ""),
            Sentence(request.Release.Problem.Length > 0 ? $"It solves: {request.Release.Problem}" : ""),
            Sentence(List("Breaking", changes.Breaking)),
            Sentence(List("New", changes.Features)),
            Sentence(List("Fixed", changes.Fixes)),
        ]);
    }

    private static string Headline(ReportView view)
    {
        var what = $"{view.Request.Release.Title} {view.Request.Release.Version}".Trim();
        var name = what.Length > 0 ? what : view.Plan.ReleaseId.Value;
        var exposure = string.Create(CultureInfo.InvariantCulture, $"{view.Exposure:0.######} % of users");
        var here = view.Plan.In(view.Environment);
        return view.Status switch
        {
            ReportStatus.Completed => $"Completed: {name} is with {exposure}",
            ReportStatus.RolledBack => $"Rolled back: {name} is with nobody",
            ReportStatus.Failed => view.Exposure > 0 ? $"Failed: {name} is still with {exposure}" : $"Failed: {name} is with nobody",
            _ when view.State.Stage >= 0 => $"In progress, {AuditTrail.Word(view.State.Phase)}: {name} is with {exposure}{here}, stage {view.State.Stage + 1} of {view.Plan.Stages.Count}",
            _ => $"In progress, {AuditTrail.Word(view.State.Phase)}: {name} is with {exposure}",
        };
    }

    private static string Evidence(ReportView view) => view.Analysed?.Evidence is { Canary.ErrorRate: { } canary } evidence
        ? string.Create(CultureInfo.InvariantCulture,
            $"Canary error rate {canary:0.###} % over {evidence.Canary.Requests} requests{(evidence.Control.ErrorRate is { } control ? string.Create(CultureInfo.InvariantCulture, $", control {control:0.###} %") : "")}")
        : view.State.PeakExposure == Percentage.Zero ? "No user was exposed" : "";

    private static string List(string name, IReadOnlyList<string> items) => items.Count > 0 ? $"{name}: {string.Join("; ", items)}" : "";

    private static string Sentence(string text)
    {
        var clean = ReportText.Clean(text);
        return clean.Length == 0 || clean[^1] is '.' or '!' or '?' or '…' ? clean : clean + ".";
    }
}
