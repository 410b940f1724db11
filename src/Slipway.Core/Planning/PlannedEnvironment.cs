using System.Text.Json.Serialization;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>One environment of the plan. What is seen here is evidence for this environment alone.</summary>
public sealed record PlannedEnvironment
{
    /// <summary>Position, 0 first.</summary>
    public required int Index { get; init; }

    /// <summary>dev, staging or prod.</summary>
    public required EnvironmentName Name { get; init; }

    /// <summary>The label of its flags, without a region; may be empty.</summary>
    public required string Label { get; init; }

    /// <summary>Its regions, at least one (<c>global</c> when none is named). They move together.</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>The flags that carry its exposure: written together, one of each for all regions or one for each region.</summary>
    public required IReadOnlyList<FlagSpec> Flags { get; init; }

    /// <summary>Whose telemetry counts here, and how it is read.</summary>
    public required WatchPlan Watch { get; init; }

    /// <summary>Its first stage, as position in the plan.</summary>
    public required int FirstStage { get; init; }

    /// <summary>Its last stage, as position in the plan: 100 %.</summary>
    public required int LastStage { get; init; }

    /// <summary>The name as people write it.</summary>
    [JsonIgnore]
    public string Word => EnvironmentSpec.Word(Name);

    /// <summary>The one environment of a plan that names none.</summary>
    internal static PlannedEnvironment OnlyOneOf(ReleasePlan plan) => new()
    {
        Index = 0,
        Name = EnvironmentName.Prod,
        Label = "",
        Regions = plan.Regions,
        Flags = plan.Flags,
        Watch = plan.Watch,
        FirstStage = 0,
        LastStage = plan.Stages.Count - 1,
    };
}
