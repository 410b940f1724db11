using System.Buffers.Text;
using System.Text;
using Slipway.Core.Approvals;
using Slipway.Core.Releases;
using Slipway.Fuzz.Running;

namespace Slipway.Fuzz.Targets;

/// <summary>The token of approval links: nothing is valid but what was signed, and what is signed is valid and says what was signed.</summary>
internal sealed class TokenTarget : IFuzzTarget
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly ApprovalKeys Keys = new([new ApprovalKey("k2", [.. Enumerable.Repeat((byte)7, 32)]), new ApprovalKey("k1", [.. Enumerable.Repeat((byte)9, 32)])]);
    private static readonly ApprovalClaim Claim = new(ReleaseId.Parse("search-2.4.0"), "start:team", "ada@example.com", "ab12", Now.AddHours(4), "n1");
    private static readonly string Genuine = ApprovalToken.Sign(Claim, Keys);

    /// <inheritdoc/>
    public string Name => "token";

    /// <inheritdoc/>
    public IReadOnlyList<string> Words { get; } = [.. Genuine.Split('.'), ".", "=", Base64Url.EncodeToString("[\"v1\",\"k2\",null]"u8), Base64Url.EncodeToString("[\"v1\",\"k1\",\"search-2.4.0\",\"g\",\"a\",\"e\",\"1\",\"n\"]"u8)];

    /// <inheritdoc/>
    public string Read(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);

        // The text as it came, as a payload under a genuine signature, and as what is signed.
        return $"{Checked(text)}, {Checked($"{text}.{Genuine.Split('.')[1]}")}, {Checked($"{Base64Url.EncodeToString(input)}.{Genuine.Split('.')[1]}")}, {Signed(text)}";
    }

    private static string Checked(string token) => ApprovalToken.Verify(token, Keys, Now) switch
    {
        ApprovalTokenCheck.Valid valid => valid.Claim == Claim && token.Split('.')[0] == Genuine.Split('.')[0] ? "valid" : throw new BrokenPromiseException("a token is valid that nobody signed"),
        ApprovalTokenCheck.Expired => throw new BrokenPromiseException("a token is called expired that nobody signed"),
        var other => other.GetType().Name,
    };

    private static string Signed(string text)
    {
        var claim = new ApprovalClaim(ReleaseId.FromText(text), text, text, text, Now.AddMinutes(1), text);
        var token = ApprovalToken.Sign(claim, Keys);
        return ApprovalToken.Verify(token, Keys, Now) switch
        {
            ApprovalTokenCheck.Valid valid when valid.Claim == claim => "signs",
            ApprovalTokenCheck.Malformed when token.Length > 4000 => "too long",
            _ => throw new BrokenPromiseException("a signed token does not verify as what was signed"),
        };
    }
}
