using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Gates;
using Slipway.Core.Serialization;

namespace Slipway.Web.Api;

/// <summary>The rehearsal of a request, which travels beside it: the request itself is what the rehearsal's hash is of.</summary>
public static class RehearsalHeader
{
    /// <summary>The header's name; its value is a <see cref="RehearsalProof"/> as JSON.</summary>
    public const string Name = "Slipway-Rehearsal";

    /// <summary>The longest value that is read.</summary>
    private const int Longest = 2_000;

    /// <summary>The header's value.</summary>
    public static string Write(RehearsalProof proof) => JsonSerializer.Serialize(proof, SlipwayJson.Options);

    /// <summary>Reads it; false when there is one that cannot be read.</summary>
    /// <param name="request">The HTTP request.</param>
    /// <param name="proof">The rehearsal; null where there is none.</param>
    public static bool TryRead(HttpRequest request, out RehearsalProof? proof)
    {
        proof = null;
        if (!request.Headers.TryGetValue(Name, out var values) || values.Count == 0) return true;
        try
        {
            if (values is not [{ Length: <= Longest } value]) return false;
            proof = JsonSerializer.Deserialize<RehearsalProof>(value, SlipwayJson.Options);
            return proof is { Id.Length: > 0 and <= 64, ContentHash.Length: > 0 and <= 64 };
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
