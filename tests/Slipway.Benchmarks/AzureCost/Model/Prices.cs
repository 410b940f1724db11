namespace Slipway.Benchmarks.AzureCost.Model;

/// <summary>
/// List prices in US dollars as assumed in November 2026 for a region in the United States. They were not read from Azure, and change; the idle table of
/// infra/README.md has the same.
/// </summary>
internal static class Prices
{
    private const string Assumed = "assumed list price, November 2026";

    public static Assumption ExecutionGbSecond { get; } = new("an execution on an always-ready instance", 0.000016, "$ a GB-s", Assumed);

    public static Assumption MillionExecutions { get; } = new("executions", 0.40, "$ a million", Assumed);

    public static Assumption QueueAndTable { get; } = new("queue and table operations", 0.004, "$ for 10,000", Assumed);

    public static Assumption BlobWrite { get; } = new("blob writes and lists, zone-redundant", 0.065, "$ for 10,000", Assumed);

    public static Assumption BlobRead { get; } = new("blob reads", 0.005, "$ for 10,000", Assumed);

    public static Assumption StoredGbMonth { get; } = new("storage, zone-redundant", 0.023, "$ a GB and month", Assumed);

    public static Assumption ConfigurationRequests { get; } = new("App Configuration requests beyond those included", 0.06, "$ for 10,000", Assumed);

    public static Assumption LogGigabyte { get; } = new("ingestion of logs", 2.30, "$ a GB", Assumed);

    public static Assumption Mail { get; } = new("a mail", 0.00025, "$", Assumed);

    public static Assumption MailMegabyte { get; } = new("what is in mails", 0.00012, "$ a MB", Assumed);

    public static IReadOnlyList<Assumption> All { get; } =
        [ExecutionGbSecond, MillionExecutions, QueueAndTable, BlobWrite, BlobRead, StoredGbMonth, ConfigurationRequests, LogGigabyte, Mail, MailMegabyte];
}
