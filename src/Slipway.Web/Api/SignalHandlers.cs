using Slipway.Workflow.Releases;

namespace Slipway.Web.Api;

/// <summary>Reports of people and their answers to evaluations. Answered like a command: recorded, and what it caused follows in the ledger.</summary>
internal sealed class SignalHandlers(ReleaseDesk desk, ApiSettings settings)
{
    public async Task PostAsync(ApiRequest request)
    {
        if (await CommandHandlers.BodyAsync(request, settings) is not { } body) return;
        var (told, problems) = SignalBody.Read(body, request.Caller.Name, CommandHandlers.StandardId(request));
        if (told is null)
        {
            await request.WriteAsync(ApiProblems.Invalid(
                "Invalid report", "The report is not valid; nothing was recorded.", "Correct what stands under 'errors'.", problems));
            return;
        }

        var outcome = !request.TryGetRelease(out var release) ? new CommandOutcome.NotFound()
            : told.Signal is { } signal ? await desk.ReportAsync(release, signal, request.Cancellation)
            : await desk.AnswerAsync(release, told.Answer!, request.Cancellation);
        await CommandHandlers.WriteAsync(request, release, told.Id, outcome);
    }
}
