using System.Globalization;

namespace Slipway.Benchmarks.AzureCost.Model;

/// <summary>What one release costs beside what is there anyway (the idle table), in dollars. Pure.</summary>
internal static class Bill
{
    private const double Megabyte = 1024 * 1024;
    private const double Gigabyte = 1024 * Megabyte;

    /// <summary>The lines, of a release that is alone: its executions share an instance with nobody.</summary>
    public static IReadOnlyList<BillLine> Of(ReleaseWork work)
    {
        var gbSeconds = work.Executions * Behaviour.BilledSeconds * Behaviour.MemoryGb;
        var writes = work.HubBlobWrites + work.LedgerWrites + work.StateWrites;
        var reads = work.HubBlobReads + work.LedgerReads + work.StateReads;
        var logs = work.Executions * Behaviour.LogBytes / Gigabyte;
        return
        [
            new("Executions on the always-ready instance", Text($"{work.Executions:#,0} × {Behaviour.BilledSeconds.Value} s × {Behaviour.MemoryGb.Value} GB = {gbSeconds:#,0} GB-s × {Prices.ExecutionGbSecond.Value:0.######}"), gbSeconds * Prices.ExecutionGbSecond),
            new("Number of executions", Text($"{work.Executions:#,0} × {Prices.MillionExecutions.Value:0.00} / 1,000,000"), work.Executions * Prices.MillionExecutions / 1e6),
            new("Task hub: queues and tables", Text($"{work.HubOperations:#,0}, and {work.EmptyPolls:#,0} looks into empty queues, × {Prices.QueueAndTable.Value} / 10,000"), (work.HubOperations + work.EmptyPolls) * Prices.QueueAndTable / 1e4),
            new("Blobs written: ledger, state, task hub", Text($"({work.LedgerWrites:#,0} + {work.StateWrites:#,0} + {work.HubBlobWrites:#,0}) × {Prices.BlobWrite.Value} / 10,000"), writes * Prices.BlobWrite / 1e4),
            new("Blobs read: ledger, state, task hub", Text($"({work.LedgerReads:#,0} + {work.StateReads:#,0} + {work.HubBlobReads:#,0}) × {Prices.BlobRead.Value} / 10,000"), reads * Prices.BlobRead / 1e4),
            new("The ledger, kept for seven years", Text($"{work.LedgerBytes / Megabyte:0.0} MB × {Behaviour.KeptMonths.Value} months × {Prices.StoredGbMonth.Value} a GB"), work.LedgerBytes / Gigabyte * Behaviour.KeptMonths * Prices.StoredGbMonth),
            new("App Configuration", Text($"{work.ConfigurationRequests:#,0} requests, of 200,000 a day that are included"), 0),
            new("Log Analytics", Text($"{work.Queries:#,0} questions, which are not charged"), 0),
            new("Slipway's own logs", Text($"{work.Executions:#,0} × {Behaviour.LogBytes.Value:#,0} bytes = {logs * 1024:0.0} MB × {Prices.LogGigabyte.Value:0.00} a GB"), logs * Prices.LogGigabyte),
            new("Mail", Text($"{work.Mails} × {Prices.Mail.Value:0.#####}, and {work.MailBytes / Megabyte:0.00} MB × {Prices.MailMegabyte.Value:0.#####}"), (work.Mails * Prices.Mail) + (work.MailBytes / Megabyte * Prices.MailMegabyte)),
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One line.</summary>
/// <param name="What">What is paid for.</param>
/// <param name="Arithmetic">How it comes about.</param>
/// <param name="Dollars">For one release.</param>
internal sealed record BillLine(string What, string Arithmetic, double Dollars);
