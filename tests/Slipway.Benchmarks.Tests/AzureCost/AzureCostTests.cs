using System.Text.Json;
using Slipway.Benchmarks.AzureCost.Counting;
using Slipway.Benchmarks.AzureCost.Model;
using Slipway.Benchmarks.AzureCost.Reporting;
using Slipway.Workflow.Watch;

namespace Slipway.Benchmarks.Tests.AzureCost;

/// <summary>What a release asks of Azure, and that infra/README.md says it.</summary>
public sealed class AzureCostTests(CountedOnce counted) : IClassFixture<CountedOnce>
{
    private static readonly string[] Titles = ["Streaming search indexer", "Checkout in one step", "Faster invoices", "New login page", "Price rounding"];

    private static readonly CountedPlan Short = new("1 h", "short", "[{ percentage: 5, bake: 30m }, { percentage: 100, bake: 30m }]");

    private AzureModel Model => counted.Model;

    [Fact]
    public void The_readme_says_what_a_fresh_run_counts()
    {
        var readme = File.ReadAllText(Path.Combine(Root(), "infra", "README.md")).ReplaceLineEndings("\n");

        Assert.True(
            AzureMarkdown.Replace(readme, Model) == readme,
            "What a release asks of Azure has changed: dotnet run -c Release --project tests/Slipway.Benchmarks -- azure --write infra/README.md, and read the difference.");
    }

    [Fact]
    public void A_poll_a_minute_is_five_turns_two_activities_and_one_request_for_each_thing_that_is_looked_at()
    {
        var tally = Model.Day.Run.Tally;
        var polls = tally["activities.watch.poll.v1"];

        Assert.InRange(polls, 24 * 60, (24 * 60) + 30);
        Assert.InRange(tally["ports.flags.look"], polls - 10, polls);
        Assert.InRange(Model.Day.Work.Queries, polls - 10, polls + 30);
        Assert.InRange(Model.Day.Work.Turns, 5 * polls, (5 * polls) + 400);
        Assert.InRange(Model.Day.Work.Activities, 2 * polls, (2 * polls) + 200);
        Assert.InRange(Model.Day.Work.IdleTurns, 2 * polls, (2 * polls) + 200);
    }

    [Fact]
    public void What_is_translated_was_counted()
    {
        var (tally, work) = (Model.Sample.Run.Tally, Model.Sample.Work);

        Assert.Equal(tally.Of("turns") + tally["history.timer_cancelled"], work.Turns);
        Assert.Equal(tally["history.activity_scheduled"], work.Activities);
        Assert.Equal(tally["hub.messages.work_items"], work.Activities);
        Assert.Equal(tally["ports.mail.send"], work.Mails);
        Assert.Equal(tally["ports.ledger.append"], tally["activities.ledger.append.v1"]);
        Assert.Equal(tally["bytes.ledger"], work.LedgerBytes);
        Assert.All(Model.Sample.Bill, line => Assert.True(line.Dollars >= 0));
        Assert.Equal(0, tally["ports.engine.wake"]);
    }

    [Fact]
    public void The_day_costs_more_than_the_sample_and_less_among_many()
    {
        Assert.InRange(Model.Day.Dollars / Model.Sample.Dollars, 4, 7);
        Assert.True(Model.Scale.DollarsAmong(1_000) < Model.Scale.DollarsAmong(10));
        Assert.True(Model.Scale.DollarsAmong(10) <= Model.Day.Dollars);
    }

    [Fact]
    public void Limits_stand_in_the_order_in_which_they_are_met_and_lifting_none_makes_it_worse()
    {
        Assert.Equal(Model.Scale.Limits.OrderBy(limit => limit.MetAt), Model.Scale.Limits);
        Assert.All(Model.Scale.Limits, limit => Assert.True(limit.LiftedTo >= limit.MetAt && limit.MetAt > 0, limit.What));
        Assert.All(Model.Scale.Limits, limit => Assert.NotEmpty(limit.Source));
        Assert.True(100_000 / Model.Scale.Stamps(100_000) <= Model.Scale.Lifted[0].LiftedTo);
    }

    [Fact]
    public void What_the_model_takes_from_the_code_is_what_the_code_says()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root(), "host.json")));
        var durable = host.RootElement.GetProperty("extensions").GetProperty("durableTask");
        var storage = durable.GetProperty("storageProvider");

        Assert.Equal(storage.GetProperty("partitionCount").GetInt32(), Scale.Capacity.Partitions.Value);
        Assert.Equal(durable.GetProperty("maxConcurrentOrchestratorFunctions").GetInt32(), Scale.Capacity.OrchestratorsAtATime.Value);
        Assert.Equal("00:00:02", storage.GetProperty("maxQueuePollingInterval").GetString());
        Assert.Contains($"TailsKept = {Scale.Capacity.LedgersKnown.Value};", Source("Ledger/BlobLedger.cs"), StringComparison.Ordinal);
        Assert.Contains($"RateLimit({Scale.Capacity.LooksAnHour.Value / 1000}_000, TimeSpan.FromHours(1))", Source("Configuration/AppConfigurationLimits.cs"), StringComparison.Ordinal);
        Assert.Contains($"AtATime = {Scale.Capacity.QueriesAtATime.Value};", Source("Metrics/LogsBudget.cs"), StringComparison.Ordinal);
        Assert.Contains($"RateLimit({Scale.Capacity.QueriesIn30Seconds.Value}, TimeSpan.FromSeconds(30))", Source("Metrics/LogsBudget.cs"), StringComparison.Ordinal);
        Assert.Contains($"PerMinuteAndHour(5, {Scale.Capacity.ManagedMailsAnHour.Value})", Source("Mail/MailLimits.cs"), StringComparison.Ordinal);
        Assert.Contains($"PerMinuteAndHour(30, {Scale.Capacity.MailsAnHour.Value})", Source("Mail/MailLimits.cs"), StringComparison.Ordinal);

        // The benchmarks do not reference the Azure projects, so that whoever has no feed of Azure's packages can run them.
        static string Source(string file) => File.ReadAllText(Path.Combine(Root(), "src", "Slipway.Azure", file));
    }

    [Fact]
    public async Task Polls_of_many_releases_are_spread_each_at_its_own_place_in_every_interval()
    {
        var places = new List<double>();
        foreach (var title in Titles)
        {
            var run = await CountedRelease.RunAsync(Short.Subject(title));

            // Within a bake, one poll follows the other: where the release itself asks, or a watch begins, it asks at once.
            var steady = run.AskedAt.Zip(run.AskedAt.Skip(1)).Where(pair => pair.Second - pair.First == run.Interval).Select(pair => pair.Second.TimeOfDay.TotalSeconds % 60).Distinct().ToList();
            places.Add(Assert.Single(steady));
        }

        Assert.All(places, place => Assert.InRange(place, 0, (60 * PollPhase.Share) - 1));
        Assert.True(places.Distinct().Count() >= Titles.Length - 1, $"at {string.Join(", ", places)} s");
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Serverless.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No repository around the tests.");
        return folder;
    }
}
