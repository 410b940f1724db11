using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Documents;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Releases;

namespace Slipway.Scenarios.Stories;

/// <summary>What people tick off, what is measured and what is kept once a release has completed.</summary>
public sealed class AfterCompletionStories
{
    [Fact]
    [Trait("requirement", "S003-66")]
    [Trait("requirement", "S001-99")]
    public async Task A_record_is_closed_when_the_flow_was_verified_by_hand_and_the_lessons_are_written_down()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(WithFlow());
        Assert.Contains("not over yet", Assert.IsType<CommandRefused>(await world.ReportAsync(release, Done("early", "verify"))).Why, StringComparison.Ordinal);
        var ended = await world.RunToEndAsync(release);
        Assert.Contains(Actions(ended, world), action => action.Action.Contains("Verify by hand in production: search", StringComparison.Ordinal) && action.Action.Contains("done --task verify", StringComparison.Ordinal));

        // A week later nothing was ticked off: the record stays open, and its owners are reminded each day.
        await RunAsync(world, TimeSpan.FromDays(9.5));
        Assert.Empty(await world.EntriesAsync<AftercareEnded>(release));
        Assert.Equal(["verify", "lessons"], (await world.EntriesAsync<AftercareReminded>(release))[0].Tasks);
        Assert.Contains(world.Mailer.Sent, sent => sent.Mail.Text.Contains("Still open after the release", StringComparison.Ordinal) && sent.Mail.Text.Contains("done --task verify", StringComparison.Ordinal));

        Assert.Contains("no open task", Assert.IsType<CommandRefused>(await world.ReportAsync(release, Done("odd", "sing"))).Why, StringComparison.Ordinal);
        Assert.IsType<CommandApplied>(await world.ReportAsync(release, Done("flow", "verify")));
        await RunAsync(world, TimeSpan.FromDays(1.5));
        Assert.Equal(["lessons"], (await world.EntriesAsync<AftercareReminded>(release))[^1].Tasks);
        Assert.Empty(await world.EntriesAsync<AftercareEnded>(release));

        var lesson = new ReleaseSignal("lesson", ReleaseSignalKind.Lesson, "dana@example.com", "warm the cache before 25 %");
        Assert.IsType<CommandApplied>(await world.ReportAsync(release, lesson));
        Assert.IsType<CommandOutcome.Accepted>(await world.Desk.ReportAsync(release, lesson, default));
        await RunAsync(world, TimeSpan.FromDays(1.5));

        var state = await world.StateAsync(release);
        Assert.Contains("feature record is closed", Assert.Single(await world.EntriesAsync<AftercareEnded>(release)).Reason, StringComparison.Ordinal);
        Assert.Equal((ReleasePhase.Completed, ended.EndedAt), (state.Phase, state.EndedAt));
        Assert.Single(await world.EntriesAsync<SignalReceived>(release), received => received.Signal.Id == "lesson");
        Assert.DoesNotContain(Actions(state, world), action => action.Action.Contains("Verify by hand", StringComparison.Ordinal) || action.Action.Contains("lessons learned", StringComparison.Ordinal));
        Assert.Contains("warm the cache before 25 %", Document(state, world, DocumentNames.DeploymentLog), StringComparison.Ordinal);
        Assert.Contains("warm the cache before 25 %", ReportJson.Write(ReleaseReporter.Report(state, world.Time.GetUtcNow())), StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S001-99")]
    public async Task Without_any_lesson_the_record_is_never_closed()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunToEndAsync(release);
        await RunAsync(world, TimeSpan.FromDays(40));

        Assert.Contains("lessons: the feature record stays open", Assert.Single(await world.EntriesAsync<AftercareEnded>(release)).Reason, StringComparison.Ordinal);
        Assert.Contains(Actions(await world.StateAsync(release), world), action => action.Action.Contains("lessons learned", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.002, LookStatus.Good)]
    [InlineData(0.0099, LookStatus.Good)]
    [InlineData(0.01, LookStatus.Bad)]
    [InlineData(0.05, LookStatus.Bad)]
    [InlineData(-1, LookStatus.Blind)]
    [Trait("requirement", "S003-67")]
    public async Task Half_an_hour_after_completion_the_error_rate_is_confirmed_or_on_call_is_told(double rate, LookStatus expected)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        var ended = await world.RunToEndAsync(release);
        if (rate < 0) world.Service.Reports = (_, _) => false;
        else world.Service.ErrorRate = (_, _) => rate;
        await RunAsync(world, TimeSpan.FromMinutes(50));

        var state = await world.StateAsync(release);
        var entry = (await world.LedgerAsync(release)).Single(entry => entry.Read() is CompletionChecked);
        Assert.InRange(entry.At - ended.EndedAt!.Value, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(40));
        Assert.Equal(expected, state.Aftercare!.Completion!.Status);
        Assert.Equal(expected != LookStatus.Good, world.Mailer.Sent.Any(sent => sent.Mail.To == "oncall@example.com" && sent.Mail.Text.Contains("not confirmed after completion", StringComparison.Ordinal)));
        Assert.Equal(expected != LookStatus.Good, Actions(state, world).Any(action => action.Action.Contains("half an hour after completion", StringComparison.Ordinal)));
        Assert.Contains(state.Audit, line => line.Action.StartsWith("error rate after completion", StringComparison.Ordinal));
        Assert.Equal(ReleasePhase.Completed, state.Phase);
    }

    [Fact]
    [Trait("requirement", "S003-70")]
    public async Task Evidence_is_there_after_the_retention_that_the_plan_states()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunToEndAsync(release);
        await RunAsync(world, TimeSpan.FromDays(40));
        var (before, history) = (await world.LedgerAsync(release), await world.HistoryLengthAsync(release.Value));
        Assert.Contains("ledger for 12 months", Document(await world.StateAsync(release), world, DocumentNames.ReleaseDeploymentPlan), StringComparison.Ordinal);
        await RunAsync(world, TimeSpan.FromDays(400));
        await world.Sweeper.SweepAsync(default);
        await world.Desk.RepairAsync(default);

        Assert.Equal(before.Select(entry => (entry.Sequence, entry.Type)), (await world.LedgerAsync(release)).Select(entry => (entry.Sequence, entry.Type)));
        Assert.Equal(history, await world.HistoryLengthAsync(release.Value));
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("requirement", "S003-71")]
    public async Task The_manifest_goes_to_the_ticket_once_with_its_hash_in_the_ledger(bool accepted)
    {
        var ticket = new Uri("http://127.0.0.1/tickets/CHG-1482");
        await using var world = accepted ? new ReleaseWorld() : new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Webhook, FaultRule.Between(ReleaseWorld.Epoch, ReleaseWorld.Epoch.AddDays(60))));
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Communications = request.Communications with { TicketWebhook = ticket } });
        await world.RunToEndAsync(release);
        await RunAsync(world, TimeSpan.FromDays(3));

        var state = await world.StateAsync(release);
        var manifest = Document(state, world, DocumentNames.DeploymentManifest);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(manifest)));
        Assert.Equal((ticket, hash, accepted), (state.Aftercare!.Manifest!.Url, state.Aftercare.Manifest.Sha256, state.Aftercare.Manifest.Accepted));
        Assert.Contains(state.Audit, line => line.Action.StartsWith("deployment manifest", StringComparison.Ordinal) && line.Details.Contains(hash, StringComparison.Ordinal));
        Assert.Equal(accepted ? [manifest] : [], world.Webhook.Posted.Where(post => post.Url == ticket).Select(post => post.Json));
        Assert.Equal(!accepted, Actions(state, world).Any(action => action.Action.StartsWith("Attach the deployment manifest to the ticket by hand", StringComparison.Ordinal)));
        Assert.Equal(ReleasePhase.Completed, state.Phase);
    }

    [Fact]
    [Trait("requirement", "S003-71")]
    public async Task Without_a_webhook_of_the_ticket_a_person_attaches_the_manifest()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);

        Assert.Contains(Actions(state, world), action => action.Action == "Attach the deployment manifest to CHG-1482");
    }

    private static ReleaseRequest WithFlow() => Requests.Canary() with { System = new SystemSpec { CriticalFlows = ["search"] } };

    private static ReleaseSignal Done(string id, string task) => new(id, ReleaseSignalKind.Done, "dana@example.com", "") { Task = task };

    private static async Task RunAsync(ReleaseWorld world, TimeSpan time) => await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + time);

    private static IReadOnlyList<NextAction> Actions(ReleaseState state, ReleaseWorld world) => ReleaseReporter.Report(state, world.Time.GetUtcNow()).NextActions;

    private static string Document(ReleaseState state, ReleaseWorld world, string name) => ReleaseDocuments.Render(
        new ReleaseDossier { Request = state.Request, Plan = state.Plan, Gaps = IntakeGaps.Analyse(state.Request), At = world.Time.GetUtcNow(), State = state }, name)!.Text;
}
