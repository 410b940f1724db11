using Slipway.Core.Requests;
using static Slipway.Core.Planning.Intake.IntakeInput;
using static Slipway.Core.Planning.Intake.IntakeNeed;
using static Slipway.Core.Planning.Intake.IntakeView;

namespace Slipway.Core.Planning.Intake;

/// <summary>Who agrees, who is told, who is called, and the calendar: approvals, communications, contacts and operations.</summary>
internal static class PeopleInputs
{
    public static IReadOnlyList<IntakeInput> All { get; } =
    [
        Of(StrictBeyondDev, "approvals", "the approvals that are needed", "Which groups must approve the release? None is an answer at low risk.",
            view => view.Request.Approvals.Count == 0 && view.Request.ListedStages().All(listed => listed.Stage.Approval is null) && !view.Request.SaysNone("approvals")),
        Contact(Strict, "primary", "the first on-call contact", "Who is called first when it goes wrong?", contacts => contacts.Primary),
        new("contacts.secondary", Strict, view => Secondary(view.Request.Contacts)),
        Of(Strict, "contacts.escalation", "the escalation path, in its order", "Who is called next when nobody answers, and who after that?",
            view => !view.IsListed("contacts.escalation", view.Request.Contacts.Escalation) || view.Request.SaysNone("contacts.escalation")),
        Contact(StrictBeyondDev, "infrastructure", "the emergency contact for infrastructure", "Who is called when infrastructure fails?", contacts => contacts.Infrastructure),
        Contact(StrictBeyondDev, "security", "the emergency contact for security", "Who is called after a security incident?", contacts => contacts.Security),
        Contact(StrictBeyondDev, "database", "the emergency contact for databases", "Who is called when a database fails?", contacts => contacts.Database),
        Contact(StrictBeyondDev, "network", "the emergency contact for networking", "Who is called when the network fails?", contacts => contacts.Network),
        Of(Strict, "communications.incident_channel", "the incident channel", "In which channel do people talk during an incident?",
            view => !IsStated(view.Request.Communications.IncidentChannel)),
        Of(Strict, "communications.incident_document", "the incident document", "In which document is an incident written down?",
            view => view.Request.Communications.IncidentDocument is null && !view.Request.SaysNone("communications.incident_document")),
        Of(Strict, "communications.status_page", "the status page", "Which status page do customers read? None is an answer.",
            view => view.Request is { System.CustomerFacing: true, Communications.StatusPage: null } && !view.Request.SaysNone("communications.status_page")),
        Of(Strict, "operations.traffic_rps", "requests a second at full traffic", "How many requests a second does the service answer?",
            view => view.Request.Operations.TrafficRps is null),
        Of(Strict, "operations.capacity_rps", "the capacity in requests a second", "How many requests a second can the service answer at most?",
            view => view.Request.Operations.CapacityRps is null),
        Of(Open, "operations.active_users", "the number of users", "How many users does the product have?",
            view => view.Request.Operations.ActiveUsers is null),
        Of(Strict, "operations.peak_hours", "the peak hours", "In which hours must exposure not grow? None is an answer.",
            view => !view.IsListed("operations.peak_hours", view.Request.Operations.PeakHours.Count)),
        Of(Strict, "operations.windows", "the change windows", "In which hours may exposure grow? None is an answer: at any time.",
            view => !view.IsListed("operations.windows", view.Request.Operations.Windows.Count)),
        Of(Strict, "operations.holidays", "the holiday calendar", "Which days are holidays, on which exposure must not grow? None is an answer.",
            view => !view.IsListed("operations.holidays", view.Request.Operations.Holidays.Count)),
    ];

    private static IntakeInput Contact(IntakeNeed need, string key, string missing, string question, Func<ContactSpec, string> contact) =>
        Of(need, $"contacts.{key}", missing, question, view => !IsStated(contact(view.Request.Contacts)));

    private static IEnumerable<IntakeFinding> Secondary(ContactSpec contacts)
    {
        if (!IsStated(contacts.Secondary))
            yield return new IntakeFinding("contacts.secondary", "the second on-call contact", "Who is called when the first contact does not answer?");
        else if (string.Equals(contacts.Secondary.Trim(), contacts.Primary.Trim(), StringComparison.OrdinalIgnoreCase))
            yield return new IntakeFinding("contacts.secondary", "a second on-call contact who is not the first", "Who other than the first contact is called when that one does not answer?");
    }
}
