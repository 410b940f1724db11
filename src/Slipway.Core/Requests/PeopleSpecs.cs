using System.Text.Json.Serialization;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Calendars;
using Slipway.Core.Releases;

namespace Slipway.Core.Requests;

/// <summary>Who is told what.</summary>
public sealed record CommunicationSpec
{
    /// <summary>People and lists that get mail.</summary>
    public IReadOnlyList<StakeholderSpec> Stakeholders { get; init; } = [];

    /// <summary>Webhooks that are told.</summary>
    public IReadOnlyList<WebhookSpec> Webhooks { get; init; } = [];

    /// <summary>The incident channel's name; may be empty.</summary>
    public string IncidentChannel { get; init; } = "";

    /// <summary>Posts into the incident channel, once for each rollback; null: a person tells it.</summary>
    public ChannelSpec? IncidentWebhook { get; init; }

    /// <summary>The document in which an incident is written down; null: not stated.</summary>
    public Uri? IncidentDocument { get; init; }

    /// <summary>The status page that customers read; null: not stated.</summary>
    public Uri? StatusPage { get; init; }

    /// <summary>Updates the status page when a release that customers see was taken back; null: a person does.</summary>
    public ChannelSpec? StatusWebhook { get; init; }

    /// <summary>Takes the deployment manifest for the release ticket once the release has completed; null: a person attaches it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Uri? TicketWebhook { get; init; }
}

/// <summary>A webhook that has no checkpoints of its own.</summary>
/// <param name="Url">Absolute http or https URL.</param>
/// <param name="Shape">The JSON shape it understands.</param>
public sealed record ChannelSpec(Uri Url, WebhookShape Shape);

/// <summary>Somebody who is told.</summary>
public sealed record StakeholderSpec
{
    /// <summary>Display name.</summary>
    public required string Name { get; init; }

    /// <summary>Mail address.</summary>
    public required string Email { get; init; }

    /// <summary>The checkpoints this person is told of; empty: all but <see cref="Checkpoint.Progress"/>, which has to be asked for.</summary>
    public IReadOnlyList<Checkpoint> Checkpoints { get; init; } = [];

    /// <summary>Whether this person is told of a checkpoint.</summary>
    public bool Hears(Checkpoint checkpoint) => Checkpoints.Count == 0 ? checkpoint != Checkpoint.Progress : Checkpoints.Contains(checkpoint);
}

/// <summary>A webhook that is told.</summary>
/// <param name="Name">Display name.</param>
/// <param name="Url">Absolute http or https URL.</param>
/// <param name="Shape">The JSON shape it understands.</param>
/// <param name="Checkpoints">The checkpoints it is told of; null or empty: all but <see cref="Checkpoint.Progress"/>, which has to be asked
/// for.</param>
public sealed record WebhookSpec(string Name, Uri Url, WebhookShape Shape, IReadOnlyList<Checkpoint>? Checkpoints = null)
{
    /// <summary>Whether it is told of a checkpoint.</summary>
    public bool Hears(Checkpoint checkpoint) => Checkpoints is null or { Count: 0 } ? checkpoint != Checkpoint.Progress : Checkpoints.Contains(checkpoint);
}

/// <summary>JSON shapes of webhooks.</summary>
public enum WebhookShape
{
    /// <summary>Slipway's own JSON.</summary>
    Plain,

    /// <summary>Slack's incoming webhook.</summary>
    Slack,

    /// <summary>Teams' workflow webhook.</summary>
    Teams,
}

/// <summary>The communication checkpoints.</summary>
public enum Checkpoint
{
    /// <summary>A day before.</summary>
    Notice,

    /// <summary>The release starts.</summary>
    Start,

    /// <summary>A stage begins.</summary>
    Stage,

    /// <summary>An approval is needed.</summary>
    Approval,

    /// <summary>Held, or sight was lost.</summary>
    Pause,

    /// <summary>A breach was found.</summary>
    Breach,

    /// <summary>A rollback began or ended.</summary>
    Rollback,

    /// <summary>The release is done.</summary>
    Done,

    /// <summary>Reviews after the deployment.</summary>
    Review,

    /// <summary>Where the release stands, every 30 minutes while users are exposed; only for those who ask for it by name.</summary>
    Progress,
}

/// <summary>Traffic, users and the calendar.</summary>
public sealed record OperationsSpec
{
    /// <summary>Requests a second at full traffic; null: not stated.</summary>
    public decimal? TrafficRps { get; init; }

    /// <summary>Failed requests of the present version, for the power of the evidence before the start; null: not stated.</summary>
    public Percentage? BaseErrorRate { get; init; }

    /// <summary>Users of the product; null: not stated.</summary>
    public long? ActiveUsers { get; init; }

    /// <summary>Capacity in requests a second; null: not stated.</summary>
    public decimal? CapacityRps { get; init; }

    /// <summary>Hours in which exposure does not grow.</summary>
    public IReadOnlyList<ChangeWindow> PeakHours { get; init; } = [];

    /// <summary>Hours in which exposure may grow; empty: any time that is not a peak hour, frozen or kept from by the calendar.</summary>
    public IReadOnlyList<ChangeWindow> Windows { get; init; } = [];

    /// <summary>Spans of dates in which exposure does not grow.</summary>
    public IReadOnlyList<FreezeSpan> Freezes { get; init; } = [];

    /// <summary>IANA zone of the calendar rules; windows and peak hours keep their own. Null: <see cref="CalendarRules.DefaultZone"/>.</summary>
    public string? Zone { get; init; }

    /// <summary>Days that are avoided, by local date in the zone.</summary>
    public IReadOnlyList<Holiday> Holidays { get; init; } = [];

    /// <summary>
    /// The approver group that lets the release pass the calendar by approving its start: the avoided hours, and with
    /// <see cref="ReleaseIdentity.Critical"/> the blocked ones. It is always asked. Null: the release waits for the next allowed hour.
    /// </summary>
    public string? CalendarApproval { get; init; }
}

/// <summary>Who is called when it goes wrong. Every part may be empty.</summary>
public sealed record ContactSpec
{
    /// <summary>First on call.</summary>
    public string Primary { get; init; } = "";

    /// <summary>Second on call.</summary>
    public string Secondary { get; init; } = "";

    /// <summary>Escalation, in order.</summary>
    public IReadOnlyList<string> Escalation { get; init; } = [];

    /// <summary>Database contact.</summary>
    public string Database { get; init; } = "";

    /// <summary>Network contact.</summary>
    public string Network { get; init; } = "";

    /// <summary>Security contact.</summary>
    public string Security { get; init; } = "";

    /// <summary>Emergency contact for infrastructure; may be empty.</summary>
    public string Infrastructure { get; init; } = "";

    /// <summary>The mail addresses of first and second on call: who is paged first.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> FirstOnCall => Mails([Primary, Secondary]);

    /// <summary>The mail addresses of the escalation path, in order, without those who are paged first.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> EscalationPath => [.. Mails(Escalation).Except(FirstOnCall, StringComparer.OrdinalIgnoreCase)];

    /// <summary>The mail addresses among first, second and escalation: who is told when a rollback could not be completed by itself.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> OnCall => Mails([Primary, Secondary, .. Escalation]);

    private static IReadOnlyList<string> Mails(IEnumerable<string> contacts) =>
        [.. contacts.Where(contact => contact.Contains('@', StringComparison.Ordinal)).Distinct(StringComparer.OrdinalIgnoreCase)];
}
