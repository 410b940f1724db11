using Slipway.Core.Approvals;
using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Policy;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;
using Slipway.Core.Tests.Requests;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Releases;

public sealed class RehearsedStartTests
{
    private readonly DeskWorld _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_valid_rehearsal_is_recorded_with_the_start_and_nothing_is_warned_of()
    {
        var proof = ProofOf(DeskWorld.Request());

        var created = await CreatedAsync(await _world.Desk().StartAsync(DeskWorld.Request(), DeskWorld.Requester, proof, Stop));

        Assert.Equal(proof, created.Rehearsal);
        Assert.DoesNotContain(created.Warnings, warning => warning.StartsWith("The rollback plan", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_standard_server_starts_what_was_not_rehearsed_with_a_warning()
    {
        var other = ProofOf(DeskWorld.Request()) with { ContentHash = new string('b', 64) };

        var created = await CreatedAsync(await _world.Desk().StartAsync(DeskWorld.Request(), DeskWorld.Requester, other, Stop));

        Assert.Null(created.Rehearsal);
        Assert.Contains(created.Warnings, warning => warning.StartsWith("The rollback plan is not rehearsed: found a rehearsal of another request", StringComparison.Ordinal));
    }

    [Fact, Trait("requirement", "S001-95"), Trait("requirement", "S002-156")]
    public async Task A_strict_server_starts_nothing_without_a_passing_rehearsal_of_the_same_content()
    {
        var (desk, request) = Strict();
        foreach (var proof in new[] { null, ProofOf(request) with { Passed = false }, ProofOf(request) with { ContentHash = "other" }, ProofOf(request) with { At = SampleRequests.Start.AddDays(-8) } })
        {
            var refused = Assert.IsType<StartOutcome.Refused>(await desk.StartAsync(request, DeskWorld.Requester, proof, Stop));
            Assert.Equal("rehearsal", Assert.Single(refused.Problems).Path);
        }

        Assert.Empty(_world.Engine.Scheduled);
        var started = await CreatedAsync(await desk.StartAsync(request, DeskWorld.Requester, ProofOf(request), Stop));
        Assert.Equal("0123456789abcdef", started.Rehearsal!.Id);
    }

    private (ReleaseDesk Desk, ReleaseRequest Request) Strict()
    {
        var complete = CompleteRequest.Read();
        var request = complete with
        {
            Release = complete.Release with { StartAt = SampleRequests.Start.AddDays(2) },
            Telemetry = complete.Telemetry! with { Queries = new Dictionary<string, string>() },
            Approvals = complete.Approvals.ToDictionary(approval => approval.Key, approval => approval.Value with { Approvers = [] }),
        };
        var policy = new ServerPolicy
        {
            Intake = IntakeProfile.Strict,
            ApproverGroups = new Dictionary<string, IReadOnlyList<string>> { ["release-managers"] = ["ada@example.com"] },
            Keys = [new PolicyKey("ada@example.com", [PolicyRole.Approver], "")],
            AllowedUrls = new UrlAllowList([.. PolicyCheck.CalledUrls(request).Select(called => UrlPattern.TryParse($"{called.Url.Scheme}://{called.Url.Host}:*")!)]),
        };
        return (_world.Desk(options: new ReleaseDeskOptions
        {
            BaseUrl = "http://127.0.0.1:5080",
            Policy = policy,
            ApprovalKeys = new ApprovalKeys([new ApprovalKey("k", new byte[32])]),
            Telemetry = TelemetrySource.LogAnalytics,
        }), request);
    }

    private async Task<ReleaseCreated> CreatedAsync(StartOutcome outcome)
    {
        Assert.True(outcome is StartOutcome.Started, outcome is StartOutcome.Refused refused ? string.Join("; ", refused.Problems) : outcome.ToString());
        return Assert.IsType<ReleaseCreated>((await _world.EntriesAsync(((StartOutcome.Started)outcome).Release))[0].Read());
    }

    private static RehearsalProof ProofOf(ReleaseRequest request) => new("0123456789abcdef", SampleRequests.Start.AddHours(-1), 12.5, RequestHash.Of(request), true, true, 18);
}
