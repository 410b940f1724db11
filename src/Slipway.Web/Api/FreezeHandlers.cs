using Microsoft.AspNetCore.Http;
using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Workflow.Freezes;

namespace Slipway.Web.Api;

/// <summary>What lifting answers with.</summary>
/// <param name="Lifted">The freezes that were in force; empty: nothing was frozen.</param>
public sealed record LiftReceipt(IReadOnlyList<FleetFreeze> Lifted);

/// <summary>Freezes of every release of the server.</summary>
internal sealed class FreezeHandlers(FreezeDesk desk, ApiSettings settings)
{
    private const int LongestId = 100;

    public async Task ShowAsync(ApiRequest request) => await request.WriteAsync(StatusCodes.Status200OK, await desk.ShowAsync(request.Cancellation));

    public async Task RaiseAsync(ApiRequest request)
    {
        if (await FlatJson.ReadAsync(request, settings, ["id", "reason", "until"]) is not { } body) return;
        var reason = body.Required("reason", "why every release is frozen");
        var id = body.Text("id") is { Length: > 0 } own ? own : $"api-{request.Id}";
        if (id.Length > LongestId) body.Refuse("id", $"{id.Length} characters", $"at most {LongestId}");
        DateTimeOffset? until = null;
        if (body.Text("until") is { Length: > 0 } text)
        {
            if (MomentText.TryParse(text, out var moment)) until = moment;
            else body.Refuse("until", $"'{text}'", MomentText.Expected);
        }

        if (body.Problems.Count > 0)
        {
            await WriteInvalidAsync(request, body);
            return;
        }

        switch (await desk.RaiseAsync(id, request.Caller.Name, reason, until, request.Cancellation))
        {
            case FreezeOutcome.Raised raised:
                await request.WriteAsync(StatusCodes.Status201Created, raised.Freeze);
                break;
            case FreezeOutcome.InForce same:
                await request.WriteAsync(StatusCodes.Status200OK, same.Freeze);
                break;
            case FreezeOutcome.Other other:
                await request.WriteAsync(Exists(other.Freeze, other.Stands));
                break;
            default:
                body.Refuse("until", $"{Moment(until)}, which is past", "a moment in the future, or nothing: until it is lifted");
                await WriteInvalidAsync(request, body);
                break;
        }
    }

    public async Task LiftAsync(ApiRequest request)
    {
        if (await FlatJson.ReadAsync(request, settings, ["reason"]) is not { } body) return;
        var reason = body.Bounded("reason");
        if (body.Problems.Count > 0) await WriteInvalidAsync(request, body);
        else await request.WriteAsync(StatusCodes.Status200OK, new LiftReceipt(await desk.LiftAsync(request.Caller.Name, reason, request.Cancellation)));
    }

    /// <summary>The answer to an id under which another freeze is recorded.</summary>
    private static ApiProblem Exists(FleetFreeze freeze, bool stands)
    {
        var end = freeze.Lifted is { } lift ? $"was lifted by {lift.By} at {Moment(lift.At)}"
            : !stands ? $"ended at {Moment(freeze.Until)}"
            : freeze.Until is { } until ? $"is in force until {Moment(until)}" : "is in force until it is lifted";
        return ApiProblem.Of(
            StatusCodes.Status409Conflict, "freeze_exists", "Id belongs to another freeze",
            $"Under the id '{freeze.Id}' {freeze.By} raised a freeze that {end}; nothing was changed.",
            "Raise the freeze under an id of its own, or without one.");
    }

    private static string Moment(DateTimeOffset? at) => $"{at:yyyy-MM-dd'T'HH:mm:ss'Z'}";

    private static Task WriteInvalidAsync(ApiRequest request, FlatJson body) => request.WriteAsync(
        ApiProblems.Invalid("Invalid freeze", "Nothing was changed.", "Correct what stands under 'errors'.", body.Problems));
}
