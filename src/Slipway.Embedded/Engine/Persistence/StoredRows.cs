using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine.Persistence;

/// <summary>A stored timer.</summary>
/// <param name="Instance">Whose it is.</param>
/// <param name="Run">The run that asked for it.</param>
/// <param name="Step">Its step.</param>
/// <param name="Due">UTC ticks.</param>
internal readonly record struct TimerRow(string Instance, int Run, int Step, long Due);

/// <summary>A message that waits for an instance: a signal, or the result of a child.</summary>
/// <param name="Id">Its place in the order of arrival.</param>
/// <param name="Run">Only this run may take it; null: any.</param>
/// <param name="Event">The input.</param>
internal sealed record InboxRow(long Id, int? Run, HistoryEvent Event);

/// <summary>An instance as stored.</summary>
internal sealed record StoredInstance
{
    public required string Id { get; init; }

    public required string Workflow { get; init; }

    public required InstanceStatus Status { get; init; }

    public required RecordedValue Input { get; init; }

    public required int Run { get; init; }

    public required ParentLink? Parent { get; init; }

    public required IReadOnlyList<HistoryEvent> History { get; init; }

    /// <summary>Why its history cannot be read by this version; null when it can.</summary>
    public string? Unreadable { get; init; }
}

/// <summary>Who waits for a child.</summary>
internal sealed record ParentLink(string Instance, int Run, int Step);
