using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Web.Access;

/// <summary>Fields that somebody else carries and cannot change: <c>base64url(fields).base64url(HMAC-SHA-256)</c>. Pure.</summary>
internal static class SignedText
{
    private const char Between = '\n';
    private const int Longest = 4096;

    /// <summary>Signs fields; none may hold a line break.</summary>
    public static string Write(ReadOnlySpan<byte> key, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (field.Contains(Between, StringComparison.Ordinal)) throw new ArgumentException("A field holds a line break.", nameof(fields));
        }

        var bytes = Encoding.UTF8.GetBytes(string.Join(Between, fields!));
        return $"{Base64Url.EncodeToString(bytes)}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, bytes))}";
    }

    /// <summary>The fields; null when the text is not as it was signed. The comparison takes the same time wherever it fails.</summary>
    public static string[]? Read(ReadOnlySpan<byte> key, string text)
    {
        if (text.Length > Longest || text.Split('.') is not [var payload, var signature]) return null;
        if (!Base64Url.IsValid(payload) || !Base64Url.IsValid(signature)) return null;
        var bytes = Base64Url.DecodeFromChars(payload);
        return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, bytes), Base64Url.DecodeFromChars(signature))
            ? Encoding.UTF8.GetString(bytes).Split(Between)
            : null;
    }
}
