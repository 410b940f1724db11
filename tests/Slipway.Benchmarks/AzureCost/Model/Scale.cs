using System.Globalization;
using Slipway.Workflow.Watch;

namespace Slipway.Benchmarks.AzureCost.Model;

/// <summary>Which limits many releases at a time meet, the first one first. Pure.</summary>
internal sealed class Scale
{
    private const string Learn = "learn.microsoft.com/azure/";

    /// <summary>Releases whose questions one question for a workspace answers: their rows stay far below the 500,000 and 64 MB of an answer.</summary>
    private const int SharedBy = 100;

    private readonly ReleaseWork _work;
    private readonly double _seconds;
    private readonly double _interval;

    /// <summary>Of a release that was counted.</summary>
    /// <param name="work">What it asks.</param>
    /// <param name="hours">How long it took.</param>
    /// <param name="interval">How often it is looked at.</param>
    public Scale(ReleaseWork work, double hours, TimeSpan interval)
    {
        (_work, _seconds, _interval) = (work, hours * 3600, interval.TotalSeconds);
        Limits = [.. All().OrderBy(limit => limit.MetAt)];
    }

    /// <summary>The numbers of releases that are looked at.</summary>
    public static IReadOnlyList<int> Fleets { get; } = [10, 1_000, 100_000];

    /// <summary>The limits, the first that is met first.</summary>
    public IReadOnlyList<Limit> Limits { get; }

    /// <summary>How many apps, each with stores and an identity of its own, so many releases need once everything is lifted.</summary>
    public int Stamps(int releases) => (int)Math.Ceiling(releases / Lifted[0].LiftedTo);

    /// <summary>What is left when each limit is lifted whose lift is not itself a limit of this list.</summary>
    public IReadOnlyList<Limit> Lifted => [.. Limits.Where(limit => !Limits.Any(other => other.MetAt == limit.LiftedTo && other != limit)).OrderBy(limit => limit.LiftedTo)];

    /// <summary>How many instances work for so many releases, 1 or more.</summary>
    public int Instances(int releases) => Math.Max(1, (int)Math.Ceiling(releases * CpuASecond / Behaviour.BusyShare));

    /// <summary>Dollars of one release among so many that run at the same time: an instance is billed once for what it does at the same moment, and a
    /// queue that always has something is not asked in vain.</summary>
    public double DollarsAmong(int releases)
    {
        var alone = Bill.Of(_work);
        var gbSeconds = Math.Min(releases * _work.Executions * Behaviour.BilledSeconds, Instances(releases) * _seconds) * Behaviour.MemoryGb;
        var asked = releases < SharedBy ? _work.EmptyPolls : 0;
        var day = 86_400 / _seconds;
        var overage = Math.Max(0, (releases * _work.ConfigurationRequests * day) - Capacity.IncludedRequests) / day / releases;
        return alone.Skip(1).Sum(line => line.Dollars)
            + (gbSeconds * Prices.ExecutionGbSecond / releases)
            - ((_work.EmptyPolls - asked) * Prices.QueueAndTable / 1e4)
            + (overage * Prices.ConfigurationRequests / 1e4);
    }

    private double CpuASecond => ((_work.Turns * Behaviour.TurnCpu) + (_work.Activities * Behaviour.ActivityCpu)) / _seconds;

    private IEnumerable<Limit> All()
    {
        var window = _interval * PollPhase.Share;
        var mails = _work.Mails / (_seconds / 3600);
        yield return new("Mails of a domain that Azure manages", Text($"{Capacity.ManagedMailsAnHour.Value} an hour; a release sends {_work.Mails} in {_seconds / 3600:0.#} h and the week after"), Capacity.ManagedMailsAnHour / mails,
            "a domain of your own", Capacity.MailsAnHour / mails, Capacity.ManagedMailsAnHour.Source);

        yield return new("Mails of a domain of your own", Text($"{Capacity.MailsAnHour.Value} an hour; the same"), Capacity.MailsAnHour / mails,
            "more on request; until then mail waits in its queue, and no release waits for it", double.PositiveInfinity, Capacity.MailsAnHour.Source);

        var atATime = Capacity.QueriesAtATime * window / Behaviour.QuerySeconds;
        yield return new("Log Analytics: questions at a time", Text($"{Capacity.QueriesAtATime.Value} of {Behaviour.QuerySeconds.Value} s each; polls are spread over {window:0} s"), atATime,
            Text($"one question for a workspace and interval, shared by up to {SharedBy} releases"), atATime * SharedBy, Capacity.QueriesAtATime.Source);

        var rate = Capacity.QueriesIn30Seconds * Math.Max(1, window / 30);
        yield return new("Log Analytics: questions in 30 s", Text($"{Capacity.QueriesIn30Seconds.Value} of an identity; each release asks once in {_interval:0} s, within {window:0} s"), rate,
            "the same; and an identity for each app", rate * SharedBy, Capacity.QueriesIn30Seconds.Source);

        yield return new("Ledgers whose end an instance knows", Text($"{Capacity.LedgersKnown.Value}; beyond it a poll reads a ledger from its beginning"), Capacity.LedgersKnown,
            "the position in the blob is carried with the cursor, so that nothing has to be remembered", double.PositiveInfinity, Capacity.LedgersKnown.Source);

        var requests = _work.ConfigurationRequests / (_seconds / 3600);
        yield return new("App Configuration", Text($"{Capacity.LooksAnHour.Value:#,0} looks an hour and store, so that the rest of {Capacity.RequestsAnHour.Value:#,0} is left to rollbacks; a release asks {requests:0} times"), Capacity.LooksAnHour / requests,
            Text($"one conditional list for {Capacity.SettingsInAPage.Value:0} flags; stores by team, each with a budget of its own that instances share"), Capacity.LooksAnHour / requests * Capacity.SettingsInAPage, Capacity.RequestsAnHour.Source);

        var sweep = 60 / (2 * Behaviour.RequestSeconds);
        yield return new("The sweep within its minute", Text($"two requests a release, one after the other, {Behaviour.RequestSeconds.Value:0.##} s each"), sweep,
            "32 at a time", 32 * sweep, "ReleaseSweeper");

        var turns = Capacity.Partitions * Capacity.OrchestratorsAtATime / Behaviour.TurnSeconds / (_work.Turns / _seconds);
        yield return new("Turns of orchestrations", Text($"{Capacity.Partitions.Value} partitions × {Capacity.OrchestratorsAtATime.Value} at a time × 1 / {Behaviour.TurnSeconds.Value} s; a release takes {_work.Turns / _seconds * 60:0.0} a minute"), turns,
            Text($"{Capacity.MostPartitions.Value} partitions, or Durable Task Scheduler"), turns * Capacity.MostPartitions / Capacity.Partitions, Capacity.Partitions.Source);

        var instances = Capacity.Instances * Behaviour.BusyShare / CpuASecond;
        yield return new("Instances of the app", Text($"{Capacity.Instances.Value}, each of one core; a release takes {CpuASecond * 60:0.00} s of one a minute"), instances,
            Text($"SLIPWAY_MAXIMUM_INSTANCES up to {Capacity.MostInstances.Value:#,0}"), instances * Capacity.MostInstances / Capacity.Instances, Capacity.MostInstances.Source);

        var host = Capacity.AccountRequests / ((_work.HostTransactions - _work.EmptyPolls) / _seconds);
        yield return new("The host's storage account", Text($"{Capacity.AccountRequests.Value:#,0} requests a second; a release takes {(_work.HostTransactions - _work.EmptyPolls) / _seconds:0.00}"), host,
            Text($"no timer of its own beside an activity, which fires although nobody waits: {100.0 * _work.IdleTurns / _work.Turns:0} % fewer turns; Durable Task Scheduler needs no such account"), host / (1 - ((double)_work.IdleTurns / _work.Turns)), Capacity.AccountRequests.Source);

        var control = Capacity.Partitions * Capacity.QueueMessages / (_work.ControlMessages / _seconds);
        yield return new("Control queues", Text($"{Capacity.Partitions.Value} × {Capacity.QueueMessages.Value:#,0} messages a second; a release takes {_work.ControlMessages / _seconds:0.00}"), control,
            Text($"{Capacity.MostPartitions.Value} partitions"), control * Capacity.MostPartitions / Capacity.Partitions, Capacity.QueueMessages.Source);

        var items = Capacity.QueueMessages / (_work.Activities / _seconds);
        yield return new("The queue of activities", Text($"{Capacity.QueueMessages.Value:#,0} messages a second; a release takes {_work.Activities / _seconds:0.00}"), items,
            "apps side by side", items, Capacity.QueueMessages.Source);

        var ledger = (_work.LedgerWrites + _work.LedgerReads + _work.StateWrites + _work.StateReads) / _seconds;
        yield return new("The ledgers' storage account", Text($"{Capacity.AccountRequests.Value:#,0} requests a second; a release takes {ledger:0.00}"), Capacity.AccountRequests / ledger,
            "apps side by side", Capacity.AccountRequests / ledger, Capacity.AccountRequests.Source);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>What there is.</summary>
    internal static class Capacity
    {
        public static Assumption ManagedMailsAnHour { get; } = new("mails of a domain that Azure manages", 10, "an hour", $"{Learn}communication-services/concepts/service-limits, Email");

        public static Assumption MailsAnHour { get; } = new("mails of a domain of your own", 100, "an hour", $"{Learn}communication-services/concepts/service-limits, Email");

        public static Assumption QueriesAtATime { get; } = new("Log Analytics: questions at a time", 5, "of an identity", $"{Learn}azure-monitor/service-limits, user query throttling");

        public static Assumption QueriesIn30Seconds { get; } = new("Log Analytics: questions in 30 s", 200, "of an identity", $"{Learn}azure-monitor/service-limits, user query throttling");

        public static Assumption LedgersKnown { get; } = new("ledgers whose end an instance knows", 256, "ledgers", "BlobLedger.TailsKept");

        public static Assumption LooksAnHour { get; } = new("looks of polls at flags", 28_000, "an hour and store", "AppConfigurationLimits.Standard");

        public static Assumption RequestsAnHour { get; } = new("App Configuration, Standard", 30_000, "requests an hour and store", $"{Learn}azure-app-configuration/faq");

        public static Assumption IncludedRequests { get; } = new("App Configuration requests that are included", 200_000, "a day", $"{Learn}azure-app-configuration/faq");

        public static Assumption SettingsInAPage { get; } = new("settings in one page of a list, which is conditional as a read is", 100, "settings", $"{Learn}azure-app-configuration/rest-api-key-value; the page's size is assumed");

        public static Assumption Partitions { get; } = new("partitions of the task hub", 4, "partitions", "host.json, partitionCount");

        public static Assumption MostPartitions { get; } = new("most partitions", 16, "partitions", $"{Learn}azure-functions/durable/durable-functions-azure-storage-provider");

        public static Assumption OrchestratorsAtATime { get; } = new("orchestrations that an instance runs at a time", 20, "turns", "host.json, maxConcurrentOrchestratorFunctions");

        public static Assumption Instances { get; } = new("instances by default", 40, "instances", "SLIPWAY_MAXIMUM_INSTANCES");

        public static Assumption MostInstances { get; } = new("most instances", 1_000, "instances", $"{Learn}azure-functions/flex-consumption-plan");

        public static Assumption AccountRequests { get; } = new("requests of a storage account", 20_000, "a second", $"{Learn}storage/common/scalability-targets-standard-account");

        public static Assumption QueueMessages { get; } = new("messages of a queue, of 1 KiB", 2_000, "a second", $"{Learn}storage/queues/scalability-targets");

        public static IReadOnlyList<Assumption> All { get; } =
        [
            ManagedMailsAnHour, MailsAnHour, QueriesAtATime, QueriesIn30Seconds, LedgersKnown, LooksAnHour, RequestsAnHour, IncludedRequests, SettingsInAPage, Partitions, MostPartitions, OrchestratorsAtATime,
            Instances, MostInstances, AccountRequests, QueueMessages,
        ];
    }
}
