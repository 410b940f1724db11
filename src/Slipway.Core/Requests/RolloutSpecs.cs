using System.Text.Json.Serialization;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;

namespace Slipway.Core.Requests;

/// <summary>A flag that carries exposure.</summary>
public sealed record FlagSpec
{
    /// <summary>The flag's name in the store.</summary>
    public required string Name { get; init; }

    /// <summary>The label under which the flag's value is kept; empty in a request, where the environment says it. Filled in by the plan.</summary>
    public string Label { get; init; } = "";

    /// <summary>Name and label.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public FlagKey Key => new(Name, Label);

    /// <summary>What the flag is for. Default: release.</summary>
    public FlagType Type { get; init; } = FlagType.Release;

    /// <summary>Whether turning the flag off restores the old behaviour. Null: not stated.</summary>
    public bool? KillSwitch { get; init; }

    /// <summary>The filter that carries the percentage. Default: targeting, which is sticky per user.</summary>
    public FlagLever Lever { get; init; } = FlagLever.Targeting;

    /// <summary>Whether segments and overrides see the flag at 0 % too. Only for writing a stage's exposure; false turns the flag off, so that
    /// off is off for everybody.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool AudienceAtZero { get; init; }

    /// <summary>Groups that see the flag from the first stage on, also where it is at 0 %.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];

    /// <summary>Users that see the flag from the first stage on, also where it is at 0 %.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];
}

/// <summary>What a flag is for.</summary>
public enum FlagType
{
    /// <summary>Carries a release and goes away after it.</summary>
    Release,

    /// <summary>Carries an experiment.</summary>
    Experiment,

    /// <summary>Stays, as an operational switch.</summary>
    Operational,
}

/// <summary>The feature filter that carries a percentage.</summary>
public enum FlagLever
{
    /// <summary><c>Microsoft.Targeting</c> with a default rollout percentage: sticky per user.</summary>
    Targeting,

    /// <summary><c>Microsoft.Percentage</c>: rolled anew at every evaluation; only when asked for by name.</summary>
    Percentage,
}

/// <summary>One requested stage.</summary>
public sealed record StageSpec
{
    /// <summary>The default rollout in this stage; above 0 except for a dark or shadow stage.</summary>
    public required Percentage Percentage { get; init; }

    /// <summary>How long the stage is judged after propagation; above zero.</summary>
    public required TimeSpan Bake { get; init; }

    /// <summary>The longest bake that an undecided verdict may extend to; null: twice <see cref="Bake"/>.</summary>
    public TimeSpan? MaxBake { get; init; }

    /// <summary>The approval group that must agree before this stage; null: none.</summary>
    public string? Approval { get; init; }
}

/// <summary>An HTTP check beside the metrics.</summary>
public sealed record HttpGateSpec
{
    /// <summary>The gate's name, unique in the request.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute http or https URL.</summary>
    public required Uri Url { get; init; }

    /// <summary>When it is asked.</summary>
    public GateTiming When { get; init; } = GateTiming.BeforeStage;

    /// <summary>The stage's percentage that it belongs to; null: every stage.</summary>
    public Percentage? Stage { get; init; }

    /// <summary>What is asked: a gate of the request (http, the default), or a service or an external API that the release leans on. Only a gate
    /// of the request rolls back when it fails again and again: somebody else's outage says nothing against the release.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GateKind? Leans { get; init; }

    /// <summary>Whether its failure is only noted: the release can do without it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Advisory { get; init; }

    /// <summary>The name in ledger, report and documents, unique in the plan.</summary>
    [JsonIgnore]
    public string CheckName => Leans switch
    {
        GateKind.Service => QualityGates.Service(Name),
        GateKind.ExternalApi => QualityGates.ExternalApi(Name),
        _ => QualityGates.Http(Name),
    };
}

/// <summary>When an HTTP gate is asked.</summary>
public enum GateTiming
{
    /// <summary>Once, before the stage's percentage is written.</summary>
    BeforeStage,

    /// <summary>At every poll of the stage's bake.</summary>
    DuringBake,
}

/// <summary>How a group approves.</summary>
public sealed record ApprovalSpec
{
    /// <summary>How many members must approve, 1 or more.</summary>
    public int Quorum { get; init; } = 1;

    /// <summary>When a missing answer becomes a denial. Default: 4 hours.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(4);

    /// <summary>How often those who have not answered are reminded. Default: 1 hour.</summary>
    public TimeSpan Remind { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How an approver is known. From high risk on, and where the server policy says so, it is <see cref="ApproverIdentity.SignIn"/>
    /// whatever stands here. Default: by the link.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ApproverIdentity Identity { get; init; } = ApproverIdentity.Link;

    /// <summary>Approvers written into the request; honoured only where the server policy allows it (one machine), with a warning.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];
}

/// <summary>How the pipeline is asked to deploy and to move traffic.</summary>
public sealed record DeploySpec
{
    /// <summary>Absolute http or https URL that receives a POST for each step, with an idempotency key.</summary>
    public required Uri Hook { get; init; }

    /// <summary>How long one step may take in all, 10 s to 6 h. Default: 15 minutes.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(15);
}
