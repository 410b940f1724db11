namespace Slipway.Benchmarks.AzureCost.Model;

/// <summary>How services and this application behave, as far as it was not counted.</summary>
internal static class Behaviour
{
    private const string Assumed = "assumed, not measured";
    private const string Provider = "Azure/durabletask, src/DurableTask.AzureStorage";

    public static Assumption MemoryGb { get; } = new("memory of an instance", 2, "GB", "SLIPWAY_INSTANCE_MEMORY_MB");

    public static Assumption BilledSeconds { get; } =
        new("shortest time that an execution is billed for", 1, "s", "learn.microsoft.com/azure/azure-functions/flex-consumption-plan, Billing");

    public static Assumption EmptyPolls { get; } =
        new("times that a queue is asked in vain after a message, from 50 ms on up to maxQueuePollingInterval, 2 s", 6, "operations", $"{Provider}, TaskHubQueue and BackoffPollingHelper");

    public static Assumption OperationsOfATurn { get; } =
        new("operations of a turn beside its messages, pages and batches of history: messages fetched, the instance's row", 2, "operations", $"{Provider}, AzureTableTrackingStore.UpdateStateAsync");

    public static Assumption LogBytes { get; } = new("logs of an execution", 1500, "bytes", Assumed);

    public static Assumption KeptMonths { get; } = new("time that a ledger is kept", 84, "months", "SLIPWAY_LEDGER_IMMUTABLE_DAYS, 2,555");

    public static Assumption QuerySeconds { get; } = new("time that Log Analytics needs for a question", 1, "s", Assumed);

    public static Assumption TurnSeconds { get; } = new("time that a turn holds its place: history read, batch, row", 0.2, "s", Assumed);

    public static Assumption TurnCpu { get; } = new("processor time of a turn with its replay", 0.03, "s", Assumed);

    public static Assumption ActivityCpu { get; } = new("processor time of an activity", 0.015, "s", Assumed);

    public static Assumption BusyShare { get; } = new("share of an instance's one core that may be used", 0.7, "of it", Assumed);

    public static Assumption RequestSeconds { get; } = new("time that storage needs for a request of the sweep", 0.02, "s", Assumed);

    public static IReadOnlyList<Assumption> All { get; } =
    [
        MemoryGb, BilledSeconds, EmptyPolls, OperationsOfATurn, LogBytes, KeptMonths, QuerySeconds, TurnSeconds, TurnCpu, ActivityCpu, BusyShare, RequestSeconds,
    ];
}
