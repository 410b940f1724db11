using System.Text.RegularExpressions;

namespace Slipway.Security.Tests.Hostile;

/// <summary>The full sample as the world of the scenarios can run it: one environment, telemetry of its own, nothing outside this machine, and no check whose
/// answer would have to be a document.</summary>
internal static partial class RunnableSample
{
    public static string Text()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", "release-full.yaml"));
        text = Staging().Replace(text, "");
        text = Outside().Replace(text, "http://127.0.0.1/");
        text = text
            .Replace("source: log_analytics ", "source: embedded ", StringComparison.Ordinal)
            .Replace("identity: sign_in ", "identity: link ", StringComparison.Ordinal)
            .Replace("declared_risk: low ", "declared_risk: medium ", StringComparison.Ordinal)
            .Replace("at: 2026-12-01T03:00:00Z", "at: 2026-11-03T03:00:00Z", StringComparison.Ordinal)
            .Replace("at: 2026-11-20T14:00:00Z", "at: 2026-10-30T14:00:00Z", StringComparison.Ordinal)
            .Replace("Tue-Thu 10:00-14:00 Europe/Berlin", "Mon-Sun 00:00-23:59 UTC", StringComparison.Ordinal)
            .Replace("flags: per_region ", "flags: shared ", StringComparison.Ordinal);
        text = Regex.Replace(text, "^    (integration|e2e): .*$", "    $1: { passed: 5, failed: 0 }", RegexOptions.Multiline);
        return Regex.Replace(text, Dropped, "", RegexOptions.Multiline);
    }

    /// <summary>Lines whose check would ask an address for a document, or whose value only another telemetry has.</summary>
    private const string Dropped =
        "^  (start_at|workspace|role|region_property|interval|verification|rollback_automation|headroom|capacity_rps):.*\\n|^  queries:.*\\n    result_cache:.*\\n|, url: \"[^\"]*\"(?=[^\\n]*(passed|budget|complete|max_high|geo-redundant))|^  (staging_tests|performance|measurements):.*\\n(    - .*\\n)*|^    approvers:.*\\n|^deploy:.*\\n(  .*\\n)*";

    [GeneratedRegex("^  - name: staging.*\\n(    .*\\n|      .*\\n)*", RegexOptions.Multiline)]
    private static partial Regex Staging();

    [GeneratedRegex("https://[a-z.]*example\\.(?:com|net)/?|https://github\\.com/")]
    private static partial Regex Outside();
}
