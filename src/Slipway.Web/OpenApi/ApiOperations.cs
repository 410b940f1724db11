using Slipway.Core.Outlook;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Web.Api;
using Slipway.Web.Pages.Handlers;
using Slipway.Workflow.Freezes;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Web.OpenApi;

/// <summary>Every address for programs, as the OpenAPI document describes it.</summary>
public static class ApiOperations
{
    internal const string Json = "application/json";
    private static readonly string[] RequestTypes = ["application/yaml", Json, "text/markdown"];
    private static readonly ApiSchema Report = new("ReleaseReport", null);
    private static readonly ApiSchema Request = new("ReleaseRequest", null);
    private static readonly ApiParameter After = new("after", "Only entries behind this sequence; 0 or more, default 0", "integer");
    private static readonly ApiParameter Label = new("label", "The label of the flag; left out: no label");

    /// <summary>All of them, in the order of the route table.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("POST /api/releases", "Start a release. Idempotent by the request's id and content.")
        {
            BodyTypes = RequestTypes, Body = Request, Problems = [400, 409, 413, 415],
            Answers = [new(201, "Started", Schema: ApiSchema.Of<StartReceipt>()), new(200, "The same request was started before; nothing was done", Schema: ApiSchema.Of<StartReceipt>()), new(422, "Information is missing; nothing was recorded", Schema: ApiSchema.Of<InsufficientContext>())],
        },
        new("POST /api/releases/validate", "Check a request as a start would, and record nothing.")
        {
            BodyTypes = RequestTypes, Body = Request, Problems = [400, 413, 415],
            Answers = [new(200, "It could start", Schema: ApiSchema.Of<CheckAnswer>()), new(422, "Information is missing", Schema: ApiSchema.Of<InsufficientContext>())],
        },
        new("GET /api/releases", "List releases, newest start first.")
        {
            Query = [new("skip", "Leave out so many; 0 to 1,000,000, default 0", "integer"), new("take", "At most so many; 1 to 200, default 50", "integer")],
            Problems = [400], Answers = [new(200, "One page; `next` leads to the next one", Schema: ApiSchema.Of<ReleasePage>())],
        },
        new("GET /api/releases/{id}", "The report of a release: the contract. Has an ETag.") { Problems = [404], Answers = [new(200, "The report as of now", Schema: Report), new(304, "Unchanged", "")] },
        new("GET /api/releases/{id}/summary", "Where a release stands, and why. Has an ETag.") { Problems = [404], Answers = [new(200, "The summary", Schema: ApiSchema.Of<ReleaseSummary>()), new(304, "Unchanged", "")] },
        new("GET /api/releases/{id}/outlook", "What it would take to promote a release now.") { Problems = [404], Answers = [new(200, "Every condition that is not met", Schema: ApiSchema.Of<PromotionOutlook>())] },
        new("GET /api/releases/{id}/documents", "The documents of a release.") { Problems = [404], Answers = [new(200, "Their names and addresses")] },
        new("GET /api/releases/{id}/documents/{name}", "One document, with what has happened so far filled in; as a page for who accepts HTML.") { Problems = [404], Answers = [new(200, "The document", "text/markdown")] },
        new("GET /api/releases/{id}/ledger", "The ledger as lines of JSON.") { Query = [After, new("take", "At most so many entries; 1 to 1,000,000, default all", "integer")], Problems = [400, 404], Answers = [new(200, "The entries, oldest first", "application/x-ndjson")] },
        new("GET /api/releases/{id}/events", "The ledger as server-sent events: id is the sequence, event the type; resumes behind Last-Event-ID; `end` comes last.") { Query = [After], Problems = [400, 404], Answers = [new(200, "The stream", "text/event-stream")] },
        new("POST /api/releases/{id}/commands", "Give a command. The answer says that it is recorded; the ledger says what came of it. Idempotent by id or Idempotency-Key.")
        {
            BodyTypes = [Json], Body = new("Command", typeof(CommandDocument)), Problems = [400, 404, 409, 413, 415],
            Answers = [new(202, "Recorded", Schema: ApiSchema.Of<CommandReceipt>())],
        },
        new("POST /api/releases/{id}/signals", "Report complaints, an incident, data loss or an outage, or answer an evaluation.")
        {
            BodyTypes = [Json], Body = new("Signal", typeof(SignalDocument)), Problems = [400, 404, 409, 413, 415],
            Answers = [new(202, "Recorded", Schema: ApiSchema.Of<CommandReceipt>())],
        },
        new("POST /api/releases/{id}/retry", "Try a release again that was rolled back or failed, as a release of its own.")
        {
            BodyTypes = [Json], Body = new("Reason", typeof(ReasonDocument)), Problems = [400, 404, 409, 413, 415],
            Answers = [new(201, "Started", Schema: ApiSchema.Of<RetryReceipt>()), new(200, "It was asked for before", Schema: ApiSchema.Of<RetryReceipt>()), new(422, "Information is missing", Schema: ApiSchema.Of<InsufficientContext>())],
        },
        new("GET /api/freezes", "The freezes of the server.") { Answers = [new(200, "Those in force, and the newest of all", Schema: ApiSchema.Of<FreezeStatus>())] },
        new("POST /api/freezes", "Let no release start or grow. Rollbacks never wait. Idempotent by id and end while it is in force; any other freeze under the same id is a conflict.") { BodyTypes = [Json], Body = new("Freeze", typeof(FreezeDocument)), Problems = [400, 409, 413, 415], Answers = [new(201, "Raised", Schema: ApiSchema.Of<FleetFreeze>()), new(200, "It was raised before and is in force; nothing was done", Schema: ApiSchema.Of<FleetFreeze>())] },
        new("POST /api/freezes/lift", "Lift every freeze.") { BodyTypes = [Json], Body = new("Reason", typeof(ReasonDocument)), Problems = [400, 413, 415], Answers = [new(200, "Lifted", Schema: ApiSchema.Of<LiftReceipt>())] },
        new("GET /api/locks", "Who holds which lock.") { Answers = [new(200, "All locks", Schema: ApiSchema.Of<LockList>())] },
        new("POST /api/locks/unlock", "Take a lock away from its holder.") { BodyTypes = [Json], Body = new("Unlock", typeof(UnlockDocument)), Problems = [400, 404, 409, 413, 415], Answers = [new(200, "Free", Schema: ApiSchema.Of<UnlockReceipt>())] },
        new("GET /approvals/{token}", "What an approval link asks; changes nothing. A page for who accepts HTML.") { Problems = [403, 404, 409, 410], Answers = [new(200, "What is asked", Schema: ApiSchema.Of<ApprovalView>())] },
        new("POST /approvals/{token}", "Decide by an approval link. The answer says that it is recorded.") { BodyTypes = [Json], Body = new("Decision", typeof(DecisionDocument)), Problems = [400, 403, 404, 409, 410, 413, 415], Answers = [new(202, "Recorded", Schema: ApiSchema.Of<DecisionReceipt>())] },
        new("POST /telemetry", "Send counts of both arms, per minute and region, as lines of JSON.") { BodyTypes = ["application/x-ndjson"], Problems = [400, 413, 415], Answers = [new(202, "Taken in", Schema: ApiSchema.Of<TelemetryAnswer>())] },
        new("GET /flags", "All feature flags.") { Query = [Label], Answers = [new(200, "The flags", Schema: ApiSchema.Of<FlagList>())] },
        new("GET /flags/{name}", "One feature flag. Has an ETag.") { Query = [Label], Problems = [404], Answers = [new(200, "The flag", Schema: ApiSchema.Of<FlagItem>()), new(304, "Unchanged", "")] },
        new("POST /flags/{name}", "Create a flag that is off.") { Query = [Label], Problems = [400], Answers = [new(201, "Created", Schema: ApiSchema.Of<FlagItem>()), new(200, "It was there", Schema: ApiSchema.Of<FlagItem>())] },
        new("GET /health", "Whether the server can work; open to everyone.") { Problems = [], Answers = [new(200, "It can", Schema: ApiSchema.Of<HealthAnswer>()), new(503, "It cannot", Schema: ApiSchema.Of<HealthAnswer>())] },
        new("POST /api/sign-in-links", "Make a link that signs a browser in as the caller, once, within ten minutes.") { Query = [new("return", "The local path to go on to; default /")], Answers = [new(201, "The link", Schema: ApiSchema.Of<SignInReceipt>())] },
        new("GET /openapi.json", "This document; open to everyone.") { Answers = [new(200, "The document")] },
    ];

    private sealed record CommandDocument(string Kind, string? Id, string? Reason, string? Duration);

    private sealed record SignalDocument(string Kind, string? Id, string? Text, int? Count, string? Severity, string? Evaluation, string? Verdict);

    private sealed record ReasonDocument(string? Reason);

    private sealed record FreezeDocument(string Reason, string? Id, DateTimeOffset? Until);

    private sealed record UnlockDocument(string Resource, string Reason, bool? Force);

    private sealed record DecisionDocument(string Decision, string Confirm, string? Comment);
}
