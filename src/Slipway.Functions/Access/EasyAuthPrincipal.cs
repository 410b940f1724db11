using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Functions.Access;

/// <summary>
/// The principal that App Service's sign-in (Easy Auth) puts into <c>X-MS-CLIENT-PRINCIPAL</c>: base64 of JSON with the token's claims. Its name is
/// the user name of a person, else the client id of an application. The claim <c>email</c> names nobody: the tenant checks it not, and its owner may
/// change it.
/// </summary>
internal static class EasyAuthPrincipal
{
    /// <summary>The header.</summary>
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    /// <summary>No header of a platform is longer.</summary>
    private const int LongestHeader = 64 * 1024;

    // The platform maps some claims to their old addresses, by the kind of token.
    private static readonly string[] PersonClaims =
    [
        "preferred_username", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "upn", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
    ];

    private static readonly string[] ApplicationClaims = ["azp", "appid"];
    private static readonly string[] ScopeClaims = ["scp", "http://schemas.microsoft.com/identity/claims/scope"];

    /// <summary>The name of the principal; null when the header holds none.</summary>
    public static string? NameOf(string? header)
    {
        if (header is not { Length: > 0 and <= LongestHeader }) return null;
        try
        {
            var claims = JsonSerializer.Deserialize<Principal>(Encoding.UTF8.GetString(Convert.FromBase64String(header)))?.Claims ?? [];

            // An application's token can carry a name as well, which its owner chooses: who it is says its id alone. A person's token names the
            // application that it was given to, which is not who asks.
            var application = claims.Any(claim => claim.Type == "idtyp" && claim.Value == "app");
            var delegated = claims.Any(claim => ScopeClaims.Contains(claim.Type));
            return application ? First(claims, ApplicationClaims) : First(claims, PersonClaims) ?? (delegated ? null : First(claims, ApplicationClaims));
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string? First(IReadOnlyList<Claim> claims, string[] types) => types
        .Select(type => claims.FirstOrDefault(claim => claim.Type == type)?.Value.Trim())
        .FirstOrDefault(value => value is { Length: > 0 and <= 256 } && !value.Any(char.IsControl));

    private sealed record Principal([property: JsonPropertyName("claims")] IReadOnlyList<Claim>? Claims);

    private sealed record Claim([property: JsonPropertyName("typ")] string Type, [property: JsonPropertyName("val")] string Value);
}
