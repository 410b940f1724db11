using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Scenarios.World;

/// <summary>What people report and answer in a scenario; each lets the world settle and returns how the ledger answers.</summary>
internal static class PeopleReports
{
    public const string OnCall = "oncall@example.com";

    public static Task<LedgerBody> ComplainAsync(this ReleaseWorld world, ReleaseId release, int count, string text = "") =>
        world.ReportAsync(release, new ReleaseSignal(NewId(world), ReleaseSignalKind.Complaints, "support@example.com", text) { Count = count });

    public static Task<LedgerBody> IncidentAsync(this ReleaseWorld world, ReleaseId release, IncidentSeverity severity, string text = "seen in the logs") =>
        world.ReportAsync(release, new ReleaseSignal(NewId(world), ReleaseSignalKind.Incident, OnCall, text) { Severity = severity });

    public static Task<LedgerBody> ReportAsync(this ReleaseWorld world, ReleaseId release, ReleaseSignalKind kind) =>
        world.ReportAsync(release, new ReleaseSignal(NewId(world), kind, OnCall, "seen by support"));

    public static async Task<LedgerBody> ReportAsync(this ReleaseWorld world, ReleaseId release, ReleaseSignal signal)
    {
        await world.Desk.ReportAsync(release, signal, default);
        return await world.AnsweredAsync(release, signal.Id);
    }

    public static async Task<LedgerBody> AnswerEvaluationAsync(
        this ReleaseWorld world, ReleaseId release, EvaluationVerdict verdict, string evaluation = "e1", string by = OnCall)
    {
        var answer = new EvaluationAnswer(NewId(world), evaluation, verdict, by, "looked at it");
        await world.Desk.AnswerAsync(release, answer, default);
        return await world.AnsweredAsync(release, answer.Id);
    }

    private static async Task<LedgerBody> AnsweredAsync(this ReleaseWorld world, ReleaseId release, string id)
    {
        await world.SettleAsync();
        return (await world.LedgerAsync(release)).Select(entry => entry.Read()).Single(body =>
            (body is CommandApplied applied && applied.CommandId == id) || (body is CommandRefused refused && refused.CommandId == id));
    }

    private static string NewId(ReleaseWorld world) => $"told-{world.NextNumber()}";
}
