using System.Text.Json.Serialization;

namespace Slipway.Core.Requests;

/// <summary>
/// What somebody wants released, as read from <c>release.yaml</c>: parsed and valid in form. Whether it says enough to run safely is the
/// gap analyser's question, and what it means for the run is the plan's.
/// </summary>
public sealed record ReleaseRequest
{
    /// <summary>What is released, by whom and why.</summary>
    public required ReleaseIdentity Release { get; init; }

    /// <summary>What was built; null when the request names no artifact.</summary>
    public ArtifactSpec? Artifacts { get; init; }

    /// <summary>What changes for users and in the code.</summary>
    public ChangeSpec Changes { get; init; } = new();

    /// <summary>Where it goes, in ascending <see cref="EnvironmentSpec.Order"/>.</summary>
    public IReadOnlyList<EnvironmentSpec> Environments { get; init; } = [];

    /// <summary>How exposure is moved. Default: canary.</summary>
    public RolloutStrategy Strategy { get; init; } = RolloutStrategy.Canary;

    /// <summary>The flags that carry the exposure.</summary>
    public IReadOnlyList<FlagSpec> Flags { get; init; } = [];

    /// <summary>The pipeline that deploys and moves traffic; null: flags alone carry the exposure.</summary>
    public DeploySpec? Deploy { get; init; }

    /// <summary>The requested stages, percentages strictly increasing; empty: derived from the risk.</summary>
    public IReadOnlyList<StageSpec> Stages { get; init; } = [];

    /// <summary>How much may be exposed at first; null: not stated, the default profile counts.</summary>
    public ToleranceSpec? Tolerance { get; init; }

    /// <summary>What must hold while users are exposed.</summary>
    public GuardrailSpec Guardrails { get; init; } = new();

    /// <summary>Where observations come from; null when the request names no source.</summary>
    public TelemetrySpec? Telemetry { get; init; }

    /// <summary>What must hold before anyone is exposed.</summary>
    public PreflightSpec Preflight { get; init; } = new();

    /// <summary>Ways back beyond the flags; null when the request has no rollback section.</summary>
    public RollbackSpec? Rollback { get; init; }

    /// <summary>HTTP checks beside the metrics.</summary>
    public IReadOnlyList<HttpGateSpec> Gates { get; init; } = [];

    /// <summary>Approval rules by group name; who is in a group is server policy.</summary>
    public IReadOnlyDictionary<string, ApprovalSpec> Approvals { get; init; } = new Dictionary<string, ApprovalSpec>();

    /// <summary>Who is told what.</summary>
    public CommunicationSpec Communications { get; init; } = new();

    /// <summary>Traffic, users, windows and freezes.</summary>
    public OperationsSpec Operations { get; init; } = new();

    /// <summary>Who is called when it goes wrong.</summary>
    public ContactSpec Contacts { get; init; } = new();

    /// <summary>The system that is released, for documents and checklists; null: not stated.</summary>
    public SystemSpec? System { get; init; }

    /// <summary>How it is built, delivered and kept, for the release and deployment plan; null: not stated.</summary>
    public DeliverySpec? Delivery { get; init; }

    /// <summary>The documents that the release was planned from; null: not stated.</summary>
    public SourceSpec? Sources { get; init; }

    /// <summary>By path, where the file says that there is none, and where it holds a placeholder; null: nowhere. No part of the content
    /// that identifies a request: what is run is the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, AnswerKind>? Answers { get; init; }

    /// <summary>Paths of those fields with a default that counts as an answer only when a person gave it, and that were left out; known
    /// where a file was read, and not recorded.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Defaulted { get; init; } = [];

    /// <summary>Whether the request says in so many words that there is none.</summary>
    /// <param name="path">The field, for example <c>guardrails.kpis</c>.</param>
    public bool SaysNone(string path) => Answers?.GetValueOrDefault(path, AnswerKind.Placeholder) == AnswerKind.None;

    /// <summary>Every stage that is listed, with its path: those of the environments, then those of the release.</summary>
    public IEnumerable<(string Path, StageSpec Stage)> ListedStages() =>
        Environments.SelectMany((environment, index) => environment.Stages.Select((stage, position) => ($"environments[{index}].stages[{position}]", stage)))
            .Concat(Stages.Select((stage, position) => ($"stages[{position}]", stage)));

    /// <summary>The stages that are listed for the last environment, which is the one that users meet, each with its path.</summary>
    public IReadOnlyList<(string Path, StageSpec Stage)> LastStages()
    {
        var last = Environments.Count - 1;
        return last >= 0 && Environments[last].Stages.Count > 0
            ? [.. Environments[last].Stages.Select((stage, position) => ($"environments[{last}].stages[{position}]", stage))]
            : [.. Stages.Select((stage, position) => ($"stages[{position}]", stage))];
    }
}
