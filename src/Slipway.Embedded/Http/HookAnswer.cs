using System.Text.Json;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Http;

/// <summary>What an HTTP answer of a deploy hook, or of its status address, says of a step; pure.</summary>
internal static class HookAnswer
{
    private static readonly string[] Ended = ["succeeded", "success", "completed", "complete", "done", "finished"];
    private static readonly string[] Broken = ["failed", "failure", "error", "cancelled", "canceled", "rejected", "timed_out"];
    private static readonly string[] Going = ["running", "inprogress", "in_progress", "pending", "queued", "accepted", "started", "waiting"];

    /// <summary>The result; <paramref name="asked"/> keeps what the answer repeats of the address's query to itself.</summary>
    public static HookResult Read(OutboundAnswer answer, Uri asked) => new(ProgressOf(answer), ShownUrl.Without(answer.Describe(), asked));

    /// <summary>As <see cref="Read"/>, of a status address: that it refuses the question (a run that is not to be seen yet, a key that has expired) says
    /// nothing of the step, which was accepted.</summary>
    public static HookResult ReadStatus(OutboundAnswer answer, Uri asked) => answer.Status is >= 400 and <= 499 && StatusOf(answer.Body) is not HookProgress.Refused
        ? new(HookProgress.NoAnswer, ShownUrl.Without(answer.Describe(), asked))
        : Read(answer, asked);

    private static HookProgress ProgressOf(OutboundAnswer answer) => answer.Status switch
    {
        202 => StatusOf(answer.Body) is HookProgress.Refused ? HookProgress.Refused : HookProgress.UnderWay,
        >= 200 and <= 299 => StatusOf(answer.Body) ?? HookProgress.Done,

        // Busy, too early and too many are said of the moment; every other 4xx is said of the question itself.
        408 or 409 or 423 or 425 or 429 => HookProgress.NoAnswer,
        >= 400 and <= 499 => HookProgress.Refused,
        _ => HookProgress.NoAnswer,
    };

    private static HookProgress? StatusOf(string body)
    {
        if (!body.TrimStart().StartsWith('{')) return null;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (!json.RootElement.TryGetProperty("status", out var status) || status.ValueKind != JsonValueKind.String) return null;
            var word = status.GetString()!.ToLowerInvariant();
            return Ended.Contains(word) ? HookProgress.Done : Broken.Contains(word) ? HookProgress.Refused : Going.Contains(word) ? HookProgress.UnderWay : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
