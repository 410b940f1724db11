using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Core.Approvals;
using Slipway.Core.Serialization;
using Slipway.Embedded.Storage;

namespace Slipway.Cli.Hosting;

/// <summary>
/// <c>approval-keys.json</c> in the data folder (mode 0600): the keys that sign the links of approvers, the newest first. Two at most: the
/// one before still verifies, so that links in mails outlive a rotation. Deleting the file makes every link invalid.
/// </summary>
internal static class ApprovalKeyFile
{
    /// <summary>The file's name in the data folder.</summary>
    public const string Name = "approval-keys.json";

    /// <summary>At a server's start, a key that is older gets a successor.</summary>
    public static readonly TimeSpan RotateAfter = TimeSpan.FromDays(90);

    private const int SecretBytes = 32;

    /// <summary>The keys of a folder, made or rotated where that is due. Throws <see cref="ServerStartException"/> when the file is not
    /// what a server writes: replacing it unasked would make every open link invalid.</summary>
    public static ApprovalKeys Of(string dataDirectory, DateTimeOffset now)
    {
        var path = Path.Combine(dataDirectory, Name);
        IReadOnlyList<StoredKey> stored = File.Exists(path) ? Read(path) : [];
        if (stored.Count == 0 || now - stored[0].CreatedAt > RotateAfter)
        {
            stored = [Make(now), .. stored.Take(1)];
            Write(path, stored);
        }

        return new ApprovalKeys([.. stored.Select(key => new ApprovalKey(key.Id, Base64Url.DecodeFromChars(key.Secret)))]);
    }

    private static StoredKey Make(DateTimeOffset now) =>
        new(RandomNumberGenerator.GetHexString(8, lowercase: true), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)), now);

    private static IReadOnlyList<StoredKey> Read(string path)
    {
        try
        {
            var keys = JsonSerializer.Deserialize<List<StoredKey>>(File.ReadAllText(path), SlipwayJson.Options) ?? [];
            if (keys.Count is 1 or 2 && keys.TrueForAll(key => key is { Id.Length: > 0, Secret: not null } && Base64Url.DecodeFromChars(key.Secret).Length >= SecretBytes)) return keys;
            throw new ServerStartException(Damaged(path, "it does not hold one or two keys"));
        }
        catch (Exception error) when (error is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ServerStartException(Damaged(path, error.Message), error);
        }
    }

    private static string Damaged(string path, string why) =>
        $"The keys of approval links in {path} cannot be used: {why}. Bring the file back; or delete it, and every approval link that was mailed before becomes invalid.";

    private static void Write(string path, IReadOnlyList<StoredKey> keys)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var stream = PrivateFiles.CreateFile(temporary)) JsonSerializer.Serialize(stream, keys, SlipwayJson.Indented);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>One key as stored.</summary>
    private sealed record StoredKey(string Id, string Secret, DateTimeOffset CreatedAt);
}
