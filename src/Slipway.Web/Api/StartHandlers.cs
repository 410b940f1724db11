using Microsoft.AspNetCore.Http;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Web.Requests;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Api;

/// <summary>What a started release answers with.</summary>
/// <param name="Id">The release.</param>
/// <param name="Created">False: the same request was started before, and nothing was done.</param>
/// <param name="Links">Where to look.</param>
public sealed record StartReceipt(ReleaseId Id, bool Created, ReleaseLinks Links);

/// <summary>What a request that could be started answers with when it is only checked.</summary>
/// <param name="Id">The release that it would be.</param>
/// <param name="Valid">Always true.</param>
/// <param name="Plan">What would be done.</param>
/// <param name="Questions">What the request leaves open, each with its question; nothing of it blocks.</param>
public sealed record CheckAnswer(ReleaseId Id, bool Valid, ReleasePlan Plan, IReadOnlyList<Gap> Questions);

/// <summary>Starting a release, and checking a request without starting it.</summary>
internal sealed class StartHandlers(ReleaseDesk desk, ApiSettings settings)
{
    private const string MediaTypes = "application/yaml, application/json or text/markdown";

    public async Task StartAsync(ApiRequest request)
    {
        if (await ReadAsync(request) is not { } release)
            return;
        if (!RehearsalHeader.TryRead(request.Http.Request, out var rehearsal, out var problem))
        {
            await request.WriteAsync(Invalid([problem!]));
            return;
        }

        switch (await desk.StartAsync(release, request.Caller.Name, rehearsal, request.Cancellation))
        {
            case StartOutcome.Started started:
                var links = ReleaseLinks.Of(started.Release);
                request.Http.Response.Headers.Location = links.Self;
                await request.WriteAsync(
                    started.AlreadyExisted ? StatusCodes.Status200OK : StatusCodes.Status201Created,
                    new StartReceipt(started.Release, !started.AlreadyExisted, links));
                break;
            case StartOutcome.Conflict conflict:
                await request.WriteAsync(Conflict(conflict.Release));
                break;
            case StartOutcome.Insufficient insufficient:
                await WriteAsync(request, insufficient.Context);
                break;
            case StartOutcome.Refused refused:
                await request.WriteAsync(Refused(refused.Problems));
                break;
        }
    }

    /// <summary>The same reading and the same refusals as a start, but nothing is started or recorded.</summary>
    public async Task ValidateAsync(ApiRequest request)
    {
        if (await ReadAsync(request) is not { } release)
            return;
        switch (await desk.CheckAsync(release, request.Cancellation))
        {
            case StartCheck.Ready ready:
                await request.WriteAsync(StatusCodes.Status200OK, new CheckAnswer(ready.Plan.ReleaseId, true, ready.Plan, ready.Questions));
                break;
            case StartCheck.Insufficient insufficient:
                await WriteAsync(request, insufficient.Context);
                break;
            case StartCheck.Refused refused:
                await request.WriteAsync(Refused(refused.Problems));
                break;
        }
    }

    // 422 carries the contract's own object and no problem, so that a pipeline reads the same shape everywhere.
    private static Task WriteAsync(ApiRequest request, InsufficientContext context) =>
        request.WriteAsync(StatusCodes.Status422UnprocessableEntity, context);

    /// <summary>Reads the body; null when an answer has been written because it is not a request.</summary>
    private async Task<ReleaseRequest?> ReadAsync(ApiRequest request)
    {
        var type = BodyReader.MediaType(request.Http.Request);
        if (type is not ("application/json" or "text/markdown" or "application/yaml" or "application/x-yaml" or "text/yaml" or "text/x-yaml"))
        {
            await request.WriteAsync(ApiProblems.WrongMediaType(request.Http.Request.ContentType, MediaTypes));
            return null;
        }

        if (await BodyReader.ReadAsync(request.Http.Request, settings.LargestDocument, request.Cancellation) is not { } bytes)
        {
            await request.WriteAsync(ApiProblems.TooLarge(settings.LargestDocument));
            return null;
        }

        var reading = ReleaseRequestReader.Read(RequestFile.Parse(bytes, type));
        if (reading.Request is null)
            await request.WriteAsync(Invalid(reading.Problems));
        return reading.Request;
    }

    private static ApiProblem Invalid(IReadOnlyList<RequestProblem> problems) => ApiProblems.Invalid(
        "Invalid request", problems.Count == 1 ? "The request has 1 problem." : $"The request has {problems.Count} problems.",
        "Correct every place listed under 'errors'; `slipway validate FILE` shows them offline.", problems);

    internal static ApiProblem Refused(IReadOnlyList<RequestProblem> problems) => ApiProblems.Invalid(
        "Request refused", problems.Count == 1 ? "This server cannot run the request for 1 reason." : $"This server cannot run the request for {problems.Count} reasons.",
        "Change every place listed under 'errors'. A flag that is missing is made with `slipway flags create NAME`.", problems);

    private static ApiProblem Conflict(ReleaseId release) => ApiProblem.Of(
        StatusCodes.Status409Conflict, "release_exists", "Release exists with other content",
        $"The release '{release}' was already started from a different request; nothing was changed.",
        "Give the new request another release.id, or send the same content again.") with
    { ReleaseId = release.Value };
}
