using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Releases;

namespace Slipway.Core.Analysis;

/// <summary>
/// Where a user falls in a flag's rollout, computed exactly as <c>Microsoft.Targeting</c> does: SHA-256 of
/// <c>"{user}\n{flag}"</c>, its first four bytes as a little-endian unsigned number over <see cref="uint.MaxValue"/>, times 100. So the
/// cohort that a percentage will expose is known before anybody is exposed.
/// </summary>
public static class TargetingHash
{
    /// <summary>The user's position in percent, 0 to 100 inclusive; the same for every percentage, which is what makes rollouts sticky.</summary>
    /// <param name="user">The user id as the application hands it to targeting; case counts.</param>
    /// <param name="flag">The flag's name.</param>
    /// <param name="group">The group whose own rollout is asked for; null: the default rollout.</param>
    public static double PositionOf(string user, string flag, string? group = null)
    {
        var context = group is null ? $"{user}\n{flag}" : $"{user}\n{flag}\n{group}";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(context), hash);
        return BinaryPrimitives.ReadUInt32LittleEndian(hash) / (double)uint.MaxValue * 100;
    }

    /// <summary>Whether the default rollout at <paramref name="exposure"/> includes the user; at 100 % it includes everybody.</summary>
    public static bool Includes(string user, string flag, Percentage exposure) =>
        exposure == Percentage.Full || PositionOf(user, flag) < (double)exposure.Value;
}
