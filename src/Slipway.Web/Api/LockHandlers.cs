using Microsoft.AspNetCore.Http;
using Slipway.Core.Releases;
using Slipway.Workflow.Locks;

namespace Slipway.Web.Api;

/// <summary>All locks.</summary>
/// <param name="Locks">Ascending by resource.</param>
public sealed record LockList(IReadOnlyList<LockView> Locks);

/// <summary>What taking a lock away answers with.</summary>
/// <param name="Resource">What is no longer locked.</param>
/// <param name="Release">The release that held it.</param>
/// <param name="Since">Since when; null: not known.</param>
/// <param name="Running">Where that release stands when it is still running; null: it is over.</param>
public sealed record UnlockReceipt(string Resource, ReleaseId Release, DateTimeOffset? Since, ReleasePhase? Running);

/// <summary>Locks: who holds what, and taking one away.</summary>
internal sealed class LockHandlers(LockDesk desk, ApiSettings settings)
{
    public async Task ListAsync(ApiRequest request) =>
        await request.WriteAsync(StatusCodes.Status200OK, new LockList(await desk.ListAsync(request.Cancellation)));

    public async Task UnlockAsync(ApiRequest request)
    {
        if (await FlatJson.ReadAsync(request, settings, ["resource", "reason"], "force") is not { } body) return;
        var resource = body.Required("resource", "what is locked, as GET /api/locks names it");
        var reason = body.Required("reason", "why the lock is taken away; the holder's ledger keeps it");
        if (body.Problems.Count > 0)
        {
            await request.WriteAsync(ApiProblems.Invalid("Invalid unlock", "The lock was not touched.", "Correct what stands under 'errors'.", body.Problems));
            return;
        }

        switch (await desk.UnlockAsync(resource, request.Caller.Name, reason, body.IsOn("force"), request.Cancellation))
        {
            case UnlockOutcome.Done done:
                await request.WriteAsync(StatusCodes.Status200OK, new UnlockReceipt(done.Lock.Resource, done.Lock.Holder, done.Lock.Since, done.Running));
                break;
            case UnlockOutcome.Exposed { Lock: var held }:
                await request.WriteAsync(ApiProblem.Of(
                    StatusCodes.Status409Conflict, "lock_in_use", "Lock in use",
                    $"'{held.Resource}' is held by the release '{held.Holder}', which is {PhaseWords.Of(held.Phase ?? ReleasePhase.Received)} at {held.Percentage:0.######} % of users; the lock was not touched.",
                    $"End that release first: `slipway rollback {held.Holder}`. Only when nothing else helps: `slipway unlock {held.Resource} --reason TEXT --force`, which holds it.") with
                { ReleaseId = held.Holder.Value });
                break;
            case UnlockOutcome.NotHeld free:
                await request.WriteAsync(ApiProblem.Of(
                    StatusCodes.Status404NotFound, "no_such_lock", "No such lock",
                    $"Nobody holds '{resource}'. {(free.Held.Count == 0 ? "Nothing is locked." : $"Locked are: {string.Join(", ", free.Held)}.")}",
                    "List the locks with GET /api/locks or `slipway unlock`."));
                break;
        }
    }
}
