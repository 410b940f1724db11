using System.Text.Json;

namespace Slipway.Infrastructure.Check;

/// <summary>Nobody gets past the sign-in but with an approval link, or to /health.</summary>
internal static class SignIn
{
    public static void Check(CompiledTemplates templates, Findings findings)
    {
        findings.Expect(!Configured(templates.Smallest).Any(), "Sign-in is configured without an app registration");
        var configured = Configured(templates.Everything).ToList();
        findings.Expect(configured.Count == 1, "Sign-in is not configured with an app registration");
        foreach (var settings in configured)
        {
            findings.Expect(settings.Is("True", "properties", "globalValidation", "requireAuthentication"), "Sign-in is not required");
            var excluded = settings.At("properties", "globalValidation", "excludedPaths") is { ValueKind: JsonValueKind.Array } paths ? paths.EnumerateArray().Select(static path => path.GetString()!) : [];
            findings.ExpectSame(excluded, "the paths without sign-in", ["/approvals/*", "/assets/*", "/health"], "what is expected");
            findings.Expect(
                settings.Is("OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID", "properties", "identityProviders", "azureActiveDirectory", "registration", "clientSecretSettingName"), "Sign-in uses a secret");
        }
    }

    private static IEnumerable<Resource> Configured(IEnumerable<Resource> resources) =>
        resources.Where(static item => item.Type == "Microsoft.Web/sites/config" && item.Id.EndsWith("/authsettingsV2", StringComparison.Ordinal));
}
