using System.Text.Json;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine.Persistence;

/// <summary>An instance in memory, with what waits for it.</summary>
internal sealed class MemoryInstance(string id, string workflow, RecordedValue input, ParentLink? parent, long created)
{
    private int _recorded;

    public string Id { get; } = id;

    public string Workflow { get; } = workflow;

    public ParentLink? Parent { get; } = parent;

    public long Created { get; } = created;

    public long Updated { get; set; } = created;

    public InstanceStatus Status { get; set; } = InstanceStatus.Running;

    public RecordedValue Input { get; set; } = input;

    public RecordedValue? Output { get; set; }

    public string? ErrorType { get; set; }

    public string? ErrorMessage { get; set; }

    public string? CustomStatus { get; set; }

    public int Run { get; set; }

    public List<HistoryEvent> History { get; } = [];

    public List<InboxRow> Inbox { get; } = [];

    public Dictionary<(int Run, int Step), long> Timers { get; } = [];

    public Dictionary<(int Run, int Step), ActivityWork> Outbox { get; } = [];

    public InstanceInfo Info() => new()
    {
        Id = Id,
        Workflow = Workflow,
        Status = Status,
        Input = Json(Input),
        Output = Output is { } output ? Json(output) : null,
        ErrorType = ErrorType,
        ErrorMessage = ErrorMessage,
        CustomStatus = CustomStatus is { } status ? JsonElement.Parse(status) : null,
        Parent = Parent?.Instance,
        Run = Run,
        CreatedAt = new DateTimeOffset(Created, TimeSpan.Zero),
        UpdatedAt = new DateTimeOffset(Updated, TimeSpan.Zero),
    };

    /// <summary>The run began anew: its history is the next one's.</summary>
    public void Restart(RecordedValue next)
    {
        History.Clear();
        (_recorded, Input, Run) = (0, next, Run + 1);
    }

    /// <summary>Keeps of every value what was recorded of it. What was looked at before is left, so that a death costs what came since the last.</summary>
    public void Forget()
    {
        Input = Input.Recorded();
        Output = Output?.Recorded();
        for (; _recorded < History.Count; _recorded++) History[_recorded] = Recorded(History[_recorded]);
        for (var index = 0; index < Inbox.Count; index++) Inbox[index] = Inbox[index] with { Event = Recorded(Inbox[index].Event) };
        foreach (var (key, work) in Outbox) Outbox[key] = work with { Input = work.Input.Recorded() };
    }

    private static HistoryEvent Recorded(HistoryEvent line) => line.Value is { } value ? line with { Value = value.Recorded() } : line;

    // A missing value is null, as it is stored elsewhere.
    private static JsonElement Json(RecordedValue value) =>
        value.Json is { ValueKind: not JsonValueKind.Undefined } json ? json : JsonSerializer.SerializeToElement<object?>(null);
}
