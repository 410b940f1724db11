using System.Text.Json;

namespace Slipway.Core.Requests;

/// <summary>
/// One environment of the request. Environments are released one after the other, each with its own flags and its own telemetry: what was
/// seen in one is never evidence for another.
/// </summary>
public sealed record EnvironmentSpec
{
    /// <summary>Stands for the environment's name in <see cref="Label"/> and <see cref="Service"/>, and in the telemetry's service.</summary>
    public const string Placeholder = "{environment}";

    /// <summary>dev, staging or prod.</summary>
    public required EnvironmentName Name { get; init; }

    /// <summary>Position in the sequence, 1 first. Default: position in the file.</summary>
    public int Order { get; init; } = 1;

    /// <summary>Regions that move together; empty means one unnamed region, reported as <c>global</c>.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Where the code runs, for the command catalogue: kubernetes, azure_functions, app_service, container_apps, vms, serverless,
    /// containers, databases, edge, other; may be empty. <c>serverless</c> reads as Azure Functions and <c>containers</c> as Container Apps.</summary>
    public string Infrastructure { get; init; } = "";

    /// <summary>What runs there where <see cref="Infrastructure"/> is other, and the cloud, for people: <c>GKE on GCP</c>; may be empty.</summary>
    public string Cloud { get; init; } = "";

    /// <summary>The runtime with its version, for people; may be empty.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>Its data stores, for people.</summary>
    public IReadOnlyList<string> DataStores { get; init; } = [];

    /// <summary>The resource that runs the code; null: not stated.</summary>
    public TargetSpec? Target { get; init; }

    /// <summary>The label under which the flags of this environment are kept; null: none when it is the only environment, else its name.</summary>
    public string? Label { get; init; }

    /// <summary>Whether the regions read one flag, or each its own. Default: shared.</summary>
    public FlagScope Flags { get; init; } = FlagScope.Shared;

    /// <summary>Whose telemetry counts here; empty: the telemetry's service, which for several environments needs the <see cref="Placeholder"/>.</summary>
    public string Service { get; init; } = "";

    /// <summary>Stages of this environment; empty: the request's for the last environment, one of 100 % for an earlier one.</summary>
    public IReadOnlyList<StageSpec> Stages { get; init; } = [];

    /// <summary>The name as people write it.</summary>
    public static string Word(EnvironmentName name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString());

    /// <summary>The labels of its flags: one, or one for each region.</summary>
    /// <param name="several">Whether the request has several environments.</param>
    public IReadOnlyList<string> FlagLabels(bool several)
    {
        var label = LabelAmong(several);
        return Flags == FlagScope.Shared ? [label] : [.. Regions.Select(region => label.Length == 0 ? region : $"{label}/{region}")];
    }

    /// <summary>The label, without a region.</summary>
    /// <param name="several">Whether the request has several environments.</param>
    public string LabelAmong(bool several) => Label is { } given ? Fill(given) : several ? Word(Name) : "";

    /// <summary>Whose telemetry counts; empty when that is not said.</summary>
    /// <param name="several">Whether the request has several environments: then none takes the telemetry's service as it stands, since two
    /// that read the same telemetry would share their evidence.</param>
    /// <param name="telemetry">The telemetry's service.</param>
    public string ServiceAmong(bool several, string telemetry) =>
        Service.Length > 0 ? Fill(Service) : !several || telemetry.Contains(Placeholder, StringComparison.Ordinal) ? Fill(telemetry) : "";

    private string Fill(string text) => text.Replace(Placeholder, Word(Name), StringComparison.Ordinal);
}

/// <summary>The canonical environments, in their order.</summary>
public enum EnvironmentName
{
    /// <summary>Development.</summary>
    Dev,

    /// <summary>Staging.</summary>
    Staging,

    /// <summary>Production.</summary>
    Prod,
}

/// <summary>How many flags carry the exposure of an environment.</summary>
public enum FlagScope
{
    /// <summary>One, which all regions read: one write moves them at once.</summary>
    Shared,

    /// <summary>One for each region, under a label of its own; all are written before any counts as moved.</summary>
    PerRegion,
}
