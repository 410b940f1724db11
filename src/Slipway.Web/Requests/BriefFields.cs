using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Core.Requests;

namespace Slipway.Web.Requests;

/// <summary>The lines of a brief's context that become fields: traffic, infrastructure, risk tolerance, release date and flag framework.</summary>
internal static partial class BriefFields
{
    private static readonly (string Kind, string[] Words)[] Infrastructures =
    [
        ("kubernetes", ["kubernetes", "k8s", "gke", "eks", "aks", "openshift"]),
        ("azure_functions", ["azure functions", "function app"]),
        ("app_service", ["app service"]),
        ("container_apps", ["container apps"]),
        ("vms", ["vm", "vms", "virtual machine", "virtual machines"]),
        ("edge", ["edge", "cdn", "front door"]),
        ("containers", ["container", "containers", "docker"]),
        ("serverless", ["serverless"]),
    ];

    /// <summary>Reads one line; false when its name is not known or its value says nothing that the field could hold, and then the line is
    /// kept as text.</summary>
    public static bool TryRead(string name, string value, int line, BriefTree tree) => name.Trim().ToUpperInvariant() switch
    {
        "TRAFFIC" or "PEAK TRAFFIC" or "LOAD" => Traffic(value, line, tree),
        "INFRA" or "INFRASTRUCTURE" or "PLATFORM" => Infrastructure(value, line, tree),
        "RISK TOLERANCE" or "TOLERANCE" => Tolerance(value, line, tree),
        "RELEASE DATE" or "INTENDED RELEASE DATE" or "DATE" => Date(value, line, tree),
        "FEATURE FLAGS" or "FEATURE FLAG" or "FLAGS" or "FLAG FRAMEWORK" or "FEATURE-FLAG FRAMEWORK" or "FEATURE FLAG FRAMEWORK" or "TOGGLES" => Text("system.flag_framework", value, line, tree),
        "VERSION" => Text("release.version", value, line, tree),
        _ => false,
    };

    private static bool Text(string path, string value, int line, BriefTree tree)
    {
        tree.Set(path, value, line);
        return true;
    }

    private static bool Traffic(string value, int line, BriefTree tree)
    {
        var match = Rate().Match(value);
        if (!match.Success || !decimal.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        var factor = match.Groups["unit"].Value.ToUpperInvariant() switch { "K" => 1_000m, "M" => 1_000_000m, _ => 1m };
        tree.Set("operations.traffic_rps", (number * factor).ToString("0.####", CultureInfo.InvariantCulture), line);
        return true;
    }

    /// <summary>A brief goes to production; what it names is kept as it is written, for people.</summary>
    private static bool Infrastructure(string value, int line, BriefTree tree)
    {
        var kind = PlaceholderText.Is(value) ? value : Infrastructures.FirstOrDefault(known => known.Words.Any(word => HasWord(value, word))).Kind ?? "other";
        tree.Set("environments.name", "prod", line);
        tree.Set("environments.infrastructure", kind, line);
        if (!PlaceholderText.Is(value)) tree.Set("environments.cloud", value, line);
        return true;
    }

    private static bool Tolerance(string value, int line, BriefTree tree)
    {
        var share = Share().Match(value);
        if (!share.Success)
            return false;
        tree.Set("tolerance.canary", share.Groups["number"].Value + "%", line);
        if (Span().Match(value) is { Success: true } span)
            tree.Set("tolerance.for", span.Groups["number"].Value + char.ToLowerInvariant(span.Groups["unit"].Value[0]), line);
        if (value.Contains("user", StringComparison.OrdinalIgnoreCase))
            tree.Set("tolerance.basis", "users", line);
        else if (value.Contains("request", StringComparison.OrdinalIgnoreCase) || value.Contains("traffic", StringComparison.OrdinalIgnoreCase))
            tree.Set("tolerance.basis", "requests", line);
        return true;
    }

    /// <summary>A day alone starts with its first minute, in UTC.</summary>
    private static bool Date(string value, int line, BriefTree tree)
    {
        var moment = DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? value + "T00:00:00Z" : value;
        if (!MomentText.TryParse(moment, out _) && !PlaceholderText.Is(value))
            return false;
        tree.Set("release.start_at", moment, line);
        return true;
    }

    private static bool HasWord(string text, string word) =>
        Regex.IsMatch(text, $@"\b{Regex.Escape(word)}\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    [GeneratedRegex(@"(?<number>\d{1,9}(?:\.\d{1,4})?)\s*(?<unit>[km]?)\s*(?:rps|qps|req(?:uests)?\s*(?:/|per|a)\s*s(?:ec(?:ond)?)?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Rate();

    [GeneratedRegex(@"(?<number>\d{1,3}(?:\.\d{1,4})?)\s*%")]
    private static partial Regex Share();

    [GeneratedRegex(@"(?<number>\d{1,4}(?:\.\d{1,4})?)\s*(?<unit>h|hours?|m|min|minutes?|d|days?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Span();
}
