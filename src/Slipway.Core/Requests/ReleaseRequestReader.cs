using Slipway.Core.Requests.Reading;

namespace Slipway.Core.Requests;

/// <summary>
/// Reads a release request from a document tree. Never throws at what a file says: every problem comes back at once, with its path, what
/// was found, what is expected and, for misspelt names, the nearest valid one. What is merely missing is not a problem here: see
/// <see cref="Planning.Intake.IntakeGaps"/>.
/// </summary>
public static class ReleaseRequestReader
{
    private static readonly string[] DefaultedFields = ["strategy", "release.change_type"];

    /// <summary>Reads a document that may itself be unreadable, in which case its problems are passed on.</summary>
    public static RequestReading Read(RequestDocument document) =>
        document.Root is null ? new RequestReading(null, document.Problems) : Read(document.Root);

    /// <summary>Reads a tree. The request is null exactly when there are problems.</summary>
    public static RequestReading Read(RequestNode root)
    {
        var context = new ReadingContext();
        var request = Read(root, context);
        var problems = context.Problems();
        return new RequestReading(problems.Count == 0 ? request : null, problems);
    }

    internal static ReleaseRequest? Read(RequestNode root, ReadingContext context)
    {
        if (root is not RequestMapping mapping)
        {
            context.Report("", root, ReadingContext.Describe(root), "a mapping with a release section");
            return null;
        }

        var section = new SectionReader(context, mapping);
        section.MaybeText("$schema", Scalars.Line);
        var strategy = RequestStrategy(section);
        var environments = new EnvironmentSections();
        DeploySpec? deploy = null;
        var request = new ReleaseRequest
        {
            Release = IdentitySections.Release(section),
            Artifacts = section.Section("artifacts", IdentitySections.Artifacts),
            Changes = section.Section("changes", IdentitySections.Changes) ?? new ChangeSpec(),
            Environments = environments.Read(section, strategy),
            Strategy = strategy,
            Flags = RolloutSections.Flags(section),
            Deploy = deploy = section.Section("deploy", SafetySections.Deploy),
            Stages = RolloutSections.Stages(section, strategy),
            Tolerance = section.Section("tolerance", RolloutSections.Tolerance),
            Guardrails = section.Section("guardrails", GuardrailSection.Read) ?? new GuardrailSpec(),
            Telemetry = section.Section("telemetry", TelemetrySection.Read),
            Preflight = section.Section("preflight", SafetySections.Preflight) ?? new PreflightSpec(),
            Rollback = section.Section("rollback", part => SafetySections.Rollback(part, deploy?.Hook)),
            Approvals = section.Named("approvals", PeopleSections.Approval),
            Communications = section.Section("communications", PeopleSections.Communications) ?? new CommunicationSpec(),
            Operations = section.Section("operations", PeopleSections.Operations) ?? new OperationsSpec(),
            Contacts = section.Section("contacts", PeopleSections.Contacts) ?? new ContactSpec(),
            System = section.Section("system", SystemSections.System),
            Delivery = section.Section("delivery", SystemSections.Delivery),
            Sources = section.Section("sources", SystemSections.Sources),
        };
        request = request with { Gates = RolloutSections.Gates(section, environments.StagesWith(request.Stages)) };
        environments.Check(request);
        section.Close();
        return request with
        {
            Answers = context.Answers.Count == 0 ? null : context.Answers,
            Defaulted = [.. DefaultedFields.Where(path => Leaf(mapping, path) is null or RequestScalar { IsNull: true } || context.Answers.ContainsKey(path))],
        };
    }

    private static RequestNode? Leaf(RequestNode root, string path) => path.Split('.').Aggregate(
        (RequestNode?)root, (node, key) => (node as RequestMapping)?.Entries.FirstOrDefault(entry => entry.Key == key)?.Value);

    private static RolloutStrategy RequestStrategy(SectionReader section) =>
        section.Get("strategy", Scalars.Word<RolloutStrategy>(), RolloutStrategy.Canary);
}
