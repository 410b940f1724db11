using Slipway.Benchmarks.AzureCost.Counting;

namespace Slipway.Benchmarks.AzureCost.Model;

/// <summary>
/// What one release asks of Azure: counts of a run, translated by what each call of a port or turn of a workflow is there. One request for each call of a
/// port, unless it says otherwise here; tests over the adapters themselves hold that (RequestsOfAPortCallTests in Slipway.Azure.Tests).
/// </summary>
internal sealed record ReleaseWork
{
    /// <summary>Turns of orchestrators, those of cancelled timers among them.</summary>
    public required long Turns { get; init; }

    /// <summary>Those in which a timer fires that nobody waits for any more.</summary>
    public required long IdleTurns { get; init; }

    /// <summary>Activities.</summary>
    public required long Activities { get; init; }

    /// <summary>Messages of instances: results, timers, starts, ends, signals.</summary>
    public required long ControlMessages { get; init; }

    /// <summary>Queue and table operations without the polls that find nothing.</summary>
    public required long HubOperations { get; init; }

    /// <summary>Polls of queues that find nothing and would not take place without the release.</summary>
    public required long EmptyPolls { get; init; }

    /// <summary>Blobs of the task hub that are written, since a row or message is too small for what it holds.</summary>
    public required long HubBlobWrites { get; init; }

    /// <summary>The same, read.</summary>
    public required long HubBlobReads { get; init; }

    /// <summary>Blocks and blobs of the ledger that are written.</summary>
    public required long LedgerWrites { get; init; }

    /// <summary>Reads of the ledger.</summary>
    public required long LedgerReads { get; init; }

    /// <summary>Writes and lists of the state: snapshots, locks, freezes, the mail queue.</summary>
    public required long StateWrites { get; init; }

    /// <summary>Reads of the state.</summary>
    public required long StateReads { get; init; }

    /// <summary>App Configuration requests.</summary>
    public required long ConfigurationRequests { get; init; }

    /// <summary>Log Analytics questions.</summary>
    public required long Queries { get; init; }

    /// <summary>Mails.</summary>
    public required long Mails { get; init; }

    /// <summary>Bytes of them.</summary>
    public required long MailBytes { get; init; }

    /// <summary>Bytes of the ledger.</summary>
    public required long LedgerBytes { get; init; }

    /// <summary>Executions of functions.</summary>
    public long Executions => Turns + Activities;

    /// <summary>All storage transactions.</summary>
    public long StorageTransactions => HostTransactions + LedgerWrites + LedgerReads + StateWrites + StateReads;

    /// <summary>Those of the host's account.</summary>
    public long HostTransactions => HubOperations + EmptyPolls + HubBlobWrites + HubBlobReads;

    /// <summary>Translates counts.</summary>
    public static ReleaseWork Of(Tally counted)
    {
        var turns = counted["hub.turns"];
        var activities = counted.Of("activities");
        var messages = counted.Of("hub.messages");

        // The sweeper asks how the orchestration is: a row of the instances' table.
        var hub = (long)(turns * Behaviour.OperationsOfATurn) + counted["hub.history_pages"] + counted["hub.batches"] + (2 * messages) + activities + counted["ports.engine.health"];
        return new ReleaseWork
        {
            Turns = turns,
            IdleTurns = counted["hub.turns_of_cancelled_timers"],
            Activities = activities,
            ControlMessages = counted["hub.messages.control"],
            HubOperations = hub,
            EmptyPolls = (long)((turns + activities) * Behaviour.EmptyPolls),
            HubBlobWrites = counted["hub.large_messages"] + counted["hub.large_rows"],
            HubBlobReads = counted["hub.large_messages"] + counted["hub.large_row_reads"],

            // Creating is a blob, a look whether another was first, and the first block.
            LedgerWrites = (2 * counted["ports.ledger.create"]) + counted["ports.ledger.append"],
            LedgerReads = counted["ports.ledger.create"] + counted["ports.ledger.read"],

            // A snapshot is two blobs, report and summary; a mail is looked up in the queue, and its acceptance kept and forgotten.
            StateWrites = (2 * counted["ports.snapshots.put"]) + counted.Of("ports.locks") + counted["ports.freezes.list"] + (2 * counted["ports.mail.send"]),
            StateReads = counted["ports.snapshots.get"] + counted["ports.mail.send"],

            // A write is a read and a write.
            ConfigurationRequests = counted["ports.flags.look"] + counted["ports.flags.read"] + counted["ports.flags.list"] + (2 * counted["ports.flags.write"])
                + counted["ports.keys.read"] + (2 * counted["ports.keys.write"]),
            Queries = counted["ports.telemetry.query"],
            Mails = counted["ports.mail.send"],
            MailBytes = counted["bytes.mail"],
            LedgerBytes = counted["bytes.ledger"],
        };
    }
}
