using Microsoft.AspNetCore.Http;
using Slipway.Core.Releases;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Api;

/// <summary>What trying again answers with.</summary>
/// <param name="Id">The attempt's own id.</param>
/// <param name="Attempt">Which attempt it is, 2 or more.</param>
/// <param name="RetryOf">The attempt before.</param>
/// <param name="Created">False: it was asked for before, and nothing was done.</param>
/// <param name="Links">Where to look.</param>
public sealed record RetryReceipt(ReleaseId Id, int Attempt, ReleaseId RetryOf, bool Created, ReleaseLinks Links);

/// <summary>Trying a release again.</summary>
internal sealed class RetryHandlers(ReleaseDesk desk, ApiSettings settings)
{
    public async Task RetryAsync(ApiRequest request)
    {
        if (await FlatJson.ReadAsync(request, settings, ["reason"]) is not { } body) return;
        var reason = body.Bounded("reason");
        if (body.Problems.Count > 0)
        {
            await request.WriteAsync(ApiProblems.Invalid("Invalid retry", "Nothing was started.", "Correct what stands under 'errors'.", body.Problems));
            return;
        }

        var outcome = request.TryGetRelease(out var release)
            ? await desk.RetryAsync(release, request.Caller.Name, reason, request.Cancellation)
            : new RetryOutcome.NotFound();
        switch (outcome)
        {
            case RetryOutcome.Started started:
                var links = ReleaseLinks.Of(started.Release);
                request.Http.Response.Headers.Location = links.Self;
                await request.WriteAsync(
                    started.AlreadyExisted ? StatusCodes.Status200OK : StatusCodes.Status201Created,
                    new RetryReceipt(started.Release, started.Attempt, release, !started.AlreadyExisted, links));
                break;
            case RetryOutcome.NotEndedBadly other:
                await request.WriteAsync(ApiProblem.Of(
                    StatusCodes.Status409Conflict,
                    "nothing_to_retry",
                    "Nothing to try again",
                    $"The release '{release}' is {PhaseWords.Of(other.Phase)}; only one that was rolled back or failed can be tried again. Nothing was started.",
                    other.Phase == ReleasePhase.Completed ? "Start a new release for another version." : $"Wait until it is over, or end it: `slipway rollback {release}`.") with
                { ReleaseId = release.Value });
                break;
            case RetryOutcome.Insufficient insufficient:
                await request.WriteAsync(StatusCodes.Status422UnprocessableEntity, insufficient.Context);
                break;
            case RetryOutcome.Refused refused:
                await request.WriteAsync(StartHandlers.Refused(refused.Problems));
                break;
            default:
                await request.WriteAsync(ApiProblems.NoSuchRelease(request.Values["id"]));
                break;
        }
    }
}
