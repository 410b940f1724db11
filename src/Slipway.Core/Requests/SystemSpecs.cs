namespace Slipway.Core.Requests;

/// <summary>
/// The system that is released: what documents and checklists name. A list that is null was not stated, which is a question; an empty one
/// (or the word <c>none</c>) is an answer.
/// </summary>
public sealed record SystemSpec
{
    /// <summary>The services that the change affects; null: not stated.</summary>
    public IReadOnlyList<string>? Services { get; init; }

    /// <summary>What it is integrated with; null: not stated.</summary>
    public IReadOnlyList<string>? Integrations { get; init; }

    /// <summary>What users must always be able to do; null: not stated. A flow of the name of a smoke check is tested by it.</summary>
    public IReadOnlyList<string>? CriticalFlows { get; init; }

    /// <summary>Whether customers see it; null: not stated.</summary>
    public bool? CustomerFacing { get; init; }

    /// <summary>The feature flag framework in use; <c>none</c> is an answer, empty is not.</summary>
    public string FlagFramework { get; init; } = "";

    /// <summary>How long the service is expected to be down; null: not stated.</summary>
    public TimeSpan? ExpectedDowntime { get; init; }

    /// <summary>How long it may be down; null: not stated.</summary>
    public TimeSpan? AllowedDowntime { get; init; }

    /// <summary>Whether the framework was stated as absent.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasNoFlagFramework => string.Equals(FlagFramework, None, StringComparison.OrdinalIgnoreCase);

    /// <summary>The word that states an absence.</summary>
    public const string None = "none";
}

/// <summary>A cache that must not outlive what it was filled with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Target">The endpoint, key prefix or path that is purged; may be empty.</param>
public sealed record CacheSpec(string Name, CacheKind Kind, string Target);

/// <summary>Kinds of caches.</summary>
public enum CacheKind
{
    /// <summary>A content delivery network.</summary>
    Cdn,

    /// <summary>Redis or compatible.</summary>
    Redis,

    /// <summary>Inside the application's own processes.</summary>
    Application,
}

/// <summary>The resource that runs the code in one environment, as its commands name it. Empty: not stated.</summary>
public sealed record TargetSpec
{
    /// <summary>The workload: deployment, function app, web app, container app, unit or route.</summary>
    public string Name { get; init; } = "";

    /// <summary>Azure resource group.</summary>
    public string ResourceGroup { get; init; } = "";

    /// <summary>Kubernetes namespace.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Kubernetes cluster, container app environment or CDN profile.</summary>
    public string Parent { get; init; } = "";

    /// <summary>The deployment slot that is swapped.</summary>
    public string Slot { get; init; } = "";

    /// <summary>The hosts of virtual machines.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
}
