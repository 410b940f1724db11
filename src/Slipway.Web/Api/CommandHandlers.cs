using Microsoft.AspNetCore.Http;
using Slipway.Core.Releases;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Api;

/// <summary>What an accepted command answers with: it is recorded, not yet carried out.</summary>
/// <param name="CommandId">Its id; <c>command.applied.v1</c> or <c>command.refused.v1</c> in the ledger names it.</param>
/// <param name="Sequence">The ledger entry that records it; the outcome comes behind it.</param>
/// <param name="Links">Where to look.</param>
public sealed record CommandReceipt(string CommandId, long Sequence, ReleaseLinks Links);

/// <summary>Commands of people.</summary>
internal sealed class CommandHandlers(ReleaseDesk desk, ApiSettings settings)
{
    public async Task PostAsync(ApiRequest request)
    {
        if (await BodyAsync(request, settings) is not { } body) return;
        var (command, problems) = CommandBody.Read(body, request.Caller.Name, StandardId(request));
        if (command is null)
        {
            await request.WriteAsync(ApiProblems.Invalid(
                "Invalid command", "The command is not valid; nothing was recorded.", "Correct what stands under 'errors'.", problems));
            return;
        }

        if (!settings.Policy.Takes(command.Kind))
        {
            await request.WriteAsync(ApiProblems.PolicyUnknown(settings.Policy.Unknown!));
            return;
        }

        var outcome = request.TryGetRelease(out var release)
            ? await desk.CommandAsync(release, command, request.Cancellation)
            : new CommandOutcome.NotFound();
        await WriteAsync(request, release, command.Id, outcome);
    }

    /// <summary>The JSON body; null when there is none that can be read, which is answered then.</summary>
    internal static async Task<byte[]?> BodyAsync(ApiRequest request, ApiSettings settings)
    {
        if (BodyReader.MediaType(request.Http.Request) != "application/json")
        {
            await request.WriteAsync(ApiProblems.WrongMediaType(request.Http.Request.ContentType, "application/json"));
            return null;
        }

        var body = await BodyReader.ReadAsync(request.Http.Request, settings.LargestDocument, request.Cancellation);
        if (body is null) await request.WriteAsync(ApiProblems.TooLarge(settings.LargestDocument));
        return body;
    }

    /// <summary>Answers what a person asked for or told.</summary>
    internal static Task WriteAsync(ApiRequest request, ReleaseId release, string id, CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Accepted accepted => request.WriteAsync(StatusCodes.Status202Accepted, new CommandReceipt(id, accepted.Sequence, ReleaseLinks.Of(release))),
        CommandOutcome.Ended ended => request.WriteAsync(Over(release, ended.Phase)),
        CommandOutcome.OtherContent other => request.WriteAsync(Other(release, id, other.Sequence)),
        _ => request.WriteAsync(ApiProblems.NoSuchRelease(request.Values["id"])),
    };

    internal static string StandardId(ApiRequest request) =>
        request.Http.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key ? key : $"api-{request.Id}";

    /// <summary>The answer to an id under which another thing is recorded.</summary>
    internal static ApiProblem Other(ReleaseId release, string id, long sequence) => ApiProblem.Of(
        StatusCodes.Status409Conflict, "command_exists", "Id exists with other content",
        $"Under the id '{id}' the release '{release}' has something else on record (entry {sequence}); nothing was recorded.",
        "Send what you ask for under an id of its own, or without one.") with
    { ReleaseId = release.Value };

    private static ApiProblem Over(ReleaseId release, ReleasePhase phase) => ApiProblem.Of(
        StatusCodes.Status409Conflict, "release_over", "Release is over",
        $"The release '{release}' ended as {PhaseWords.Of(phase)}, which never changes; nothing was recorded.",
        "Look at its report; start a new release for anything further.") with
    { ReleaseId = release.Value };
}
