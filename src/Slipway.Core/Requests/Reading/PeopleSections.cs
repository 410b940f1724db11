using Slipway.Core.Approvals;
using Slipway.Core.Messages;
using Slipway.Core.Planning;

namespace Slipway.Core.Requests.Reading;

/// <summary>Reads who agrees, who is told and when: <c>approvals</c>, <c>communications</c>, <c>operations</c> and <c>contacts</c>.</summary>
internal static class PeopleSections
{
    private static readonly TimeSpan AboveZero = TimeSpan.FromTicks(1);
    private static readonly ApprovalSpec ApprovalDefaults = new();

    public static ApprovalSpec Approval(SectionReader section) => new()
    {
        Quorum = (int)section.Get("quorum", Scalars.Whole(1, 100), ApprovalDefaults.Quorum),
        Timeout = section.Get("timeout", Scalars.Duration(AboveZero), ApprovalDefaults.Timeout),
        Remind = section.Get("remind", Scalars.Duration(AboveZero), ApprovalDefaults.Remind),
        Identity = section.Get("identity", Scalars.Word<ApproverIdentity>(), ApprovalDefaults.Identity),
        Approvers = section.Values("approvers", Scalars.Mail),
    };

    public static CommunicationSpec Communications(SectionReader section) => new()
    {
        Stakeholders = section.Sections("stakeholders", Stakeholder, stakeholder => stakeholder.Email, "email"),
        Webhooks = section.Sections("webhooks", Webhook, webhook => webhook.Name),
        IncidentChannel = section.Get("incident_channel", Scalars.Line, ""),
        IncidentWebhook = section.Section("incident_webhook", Channel),
        IncidentDocument = section.MaybeText("incident_document", Scalars.Url),
        StatusPage = section.MaybeText("status_page", Scalars.Url),
        StatusWebhook = section.Section("status_webhook", Channel),
        TicketWebhook = section.MaybeText("ticket_webhook", Scalars.Url),
    };

    public static OperationsSpec Operations(SectionReader section) => new()
    {
        TrafficRps = section.Maybe("traffic_rps", Scalars.Number(0)),
        BaseErrorRate = section.Maybe("base_error_rate", Scalars.Share),
        ActiveUsers = section.Maybe("active_users", Scalars.Whole(0)),
        CapacityRps = section.Maybe("capacity_rps", Scalars.Number(0)),
        PeakHours = section.Values("peak_hours", Scalars.Window, RequestLimits.MaxCalendarItems),
        Windows = section.Values("windows", Scalars.Window, RequestLimits.MaxCalendarItems),
        Freezes = Freezes(section),
        Zone = section.MaybeText("zone", Scalars.Zone),
        Holidays = section.Values("holidays", Scalars.Holiday, RequestLimits.MaxCalendarItems),
        CalendarApproval = section.MaybeText("calendar_approval", Scalars.Name),
    };

    public static ContactSpec Contacts(SectionReader section) => new()
    {
        Primary = section.Get("primary", Scalars.Line, ""),
        Secondary = section.Get("secondary", Scalars.Line, ""),
        Escalation = section.Values("escalation", Scalars.Name),
        Database = section.Get("database", Scalars.Line, ""),
        Network = section.Get("network", Scalars.Line, ""),
        Security = section.Get("security", Scalars.Line, ""),
        Infrastructure = section.Get("infrastructure", Scalars.Line, ""),
    };

    private static StakeholderSpec Stakeholder(SectionReader section)
    {
        var email = section.Need("email", Scalars.Mail, "");
        return new StakeholderSpec
        {
            Name = section.Get("name", Scalars.Name, email),
            Email = email,
            Checkpoints = section.Values("checkpoints", Scalars.Word<Checkpoint>()),
        };
    }

    private static ChannelSpec Channel(SectionReader section) => new(
        section.Need("url", Scalars.Url, SafetySections.NoUrl), section.Get("shape", Scalars.Word<WebhookShape>(), WebhookShape.Plain));

    private static WebhookSpec Webhook(SectionReader section)
    {
        var url = section.Need("url", Scalars.Url, SafetySections.NoUrl);
        var name = section.Need("name", Scalars.Name, "");
        if (name == RollbackChannels.StatusPage)
            section.Reject("name", "another name: this one stands for communications.status_webhook");
        return new WebhookSpec(
            name, url, section.Get("shape", Scalars.Word<WebhookShape>(), WebhookShape.Plain),
            section.Values("checkpoints", Scalars.Word<Checkpoint>()) is { Count: > 0 } checkpoints ? checkpoints : null);
    }

    private static IReadOnlyList<FreezeSpan> Freezes(SectionReader operations)
    {
        var freezes = operations.Sections("freezes", section =>
        {
            var from = section.Need("from", Scalars.Moment, DateTimeOffset.MinValue);
            var to = section.Need("to", Scalars.Moment, DateTimeOffset.MaxValue);
            if (to <= from)
                section.Reject("to", "a moment after from");
            return new FreezeSpan(from, to, section.Get("reason", Scalars.Line, ""));
        });
        if (freezes.Count > RequestLimits.MaxCalendarItems)
            operations.Report("freezes", $"{freezes.Count} items", $"at most {RequestLimits.MaxCalendarItems} items");
        return freezes;
    }
}
