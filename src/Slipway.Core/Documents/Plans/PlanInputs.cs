using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Plans;

/// <summary>One of the five inputs that a plan is made from.</summary>
/// <param name="Name">Which.</param>
/// <param name="Digest">Identifies what was reviewed; null: it is absent.</param>
internal sealed record PlanInput(string Name, string? Digest);

/// <summary>The inputs, in their fixed order. The request is known by its own hash, the others by that of what the request says of them.</summary>
internal static class PlanInputs
{
    public static IReadOnlyList<PlanInput> Of(ReleaseRequest request)
    {
        var sources = request.Sources ?? new SourceSpec();
        return
        [
            new("project request", $"sha256:{RequestHash.Of(request)}"),
            new("project rules", sources.Rules is null ? null : Digest(sources.Rules.Count == 0 ? "none" : string.Join('\n', sources.Rules))),
            new("technical specification", Digest(sources.Specification)),
            new("implementation plan", Digest(sources.ImplementationPlan)),
            new("existing code", Digest(sources.Code)),
        ];
    }

    private static string? Digest(string text) => text.Length == 0 ? null : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
