using System.Text.Json;

namespace Slipway.Embedded.Engine;

/// <summary>Where an instance stands.</summary>
public enum InstanceStatus
{
    /// <summary>It runs or waits.</summary>
    Running,

    /// <summary>It returned.</summary>
    Completed,

    /// <summary>It threw.</summary>
    Failed,

    /// <summary>
    /// The present code cannot continue its history (it asks for other steps). It stands still, its history is untouched, its parent was
    /// told that it failed. <see cref="EmbeddedEngine.ResumeFaultedAsync"/> tries again, for example with the right version.
    /// </summary>
    Faulted,
}

/// <summary>What is known of an instance from outside.</summary>
public sealed record InstanceInfo
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The name of its workflow.</summary>
    public required string Workflow { get; init; }

    /// <summary>Where it stands.</summary>
    public required InstanceStatus Status { get; init; }

    /// <summary>The input of its present run.</summary>
    public required JsonElement Input { get; init; }

    /// <summary>What it returned; null unless completed.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>The full type name of its error; null unless failed or faulted.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Its error; null unless failed or faulted.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The status that it published last; null before the first.</summary>
    public JsonElement? CustomStatus { get; init; }

    /// <summary>The instance that waits for it; null when it was started from outside.</summary>
    public string? Parent { get; init; }

    /// <summary>Its present run: 0, and one more each time it continues as new.</summary>
    public required int Run { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last did something.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
