using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Core.Releases;

namespace Slipway.Core.Approvals;

/// <summary>Ties a decision to what was shown: another request, gate or evidence has another hash, and old decisions do not count for it.</summary>
public static class ApprovalEvidence
{
    /// <summary>Lower-case hex SHA-256; the same inputs always give the same hash.</summary>
    /// <param name="release">The release.</param>
    /// <param name="contentHash">The hash of its request.</param>
    /// <param name="gate">What is asked.</param>
    /// <param name="evidence">The evidence so far, as shown.</param>
    public static string Hash(ReleaseId release, string contentHash, ApprovalGate gate, string evidence) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new[] { release.Value, contentHash, gate.Id, gate.Percentage.ToString(), evidence }))));
}
