using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Api;

/// <summary>What stored telemetry answers with.</summary>
/// <param name="Rows">Rows that were stored.</param>
public sealed record TelemetryAnswer(int Rows);

/// <summary>Taking telemetry in.</summary>
internal sealed class TelemetryHandlers(ITelemetrySink sink, ApiSettings settings)
{
    public async Task PostAsync(ApiRequest request)
    {
        if (BodyReader.MediaType(request.Http.Request) != "application/json")
        {
            await request.WriteAsync(ApiProblems.WrongMediaType(request.Http.Request.ContentType, "application/json"));
            return;
        }

        if (await BodyReader.ReadAsync(request.Http.Request, settings.LargestTelemetry, request.Cancellation) is not { } body)
        {
            await request.WriteAsync(ApiProblems.TooLarge(settings.LargestTelemetry));
            return;
        }

        var receipt = await sink.IngestAsync(body, request.Cancellation);
        if (receipt.Errors.Count == 0)
            await request.WriteAsync(StatusCodes.Status202Accepted, new TelemetryAnswer(receipt.Rows));
        else
        {
            await request.WriteAsync(ApiProblems.Invalid(
                "Invalid telemetry", "The telemetry was not stored, none of it.", "Correct what stands under 'errors' and send it all again.", receipt.Errors));
        }
    }
}
