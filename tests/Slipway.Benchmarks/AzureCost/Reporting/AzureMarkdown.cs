using System.Globalization;
using System.Text;
using Slipway.Benchmarks.AzureCost.Model;

namespace Slipway.Benchmarks.AzureCost.Reporting;

/// <summary>The text of infra/README.md between its markers.</summary>
internal static class AzureMarkdown
{
    /// <summary>The line before it.</summary>
    private const string Begin = "<!-- counted:begin -->";

    /// <summary>The line behind it.</summary>
    private const string End = "<!-- counted:end -->";

    /// <summary>Writes it, without the markers.</summary>
    public static string Write(AzureModel model)
    {
        var text = new StringBuilder();
        Counts(text, model);
        Dollars(text, model.Day);
        Dollars(text, model.Sample);
        Fleets(text, model.Scale);
        Assumptions(text);
        return text.ToString();
    }

    /// <summary>A document with it between the markers; throws <see cref="FormatException"/> when the document has none.</summary>
    public static string Replace(string document, AzureModel model)
    {
        var (begin, end) = (document.IndexOf(Begin + "\n", StringComparison.Ordinal), document.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin) throw new FormatException($"The document has no lines {Begin} and {End}.");
        return $"{document[..(begin + Begin.Length + 1)]}{Write(model)}{document[end..]}";
    }

    private static void Counts(StringBuilder text, AzureModel model)
    {
        Line(text, $"| Counted in one run | {model.Day.Plan.Name} | {model.Sample.Plan.Name} |");
        Line(text, $"|---|---|---|");
        Row("History events", cost => cost.Run.Tally["hub.rows"]);
        Row("Executions: turns of orchestrations and activities", cost => cost.Work.Executions);
        Row("of them activities", cost => cost.Work.Activities);
        Row("of them turns in which a timer fires that nobody waits for any more", cost => cost.Work.IdleTurns);
        Row("Storage transactions", cost => cost.Work.StorageTransactions);
        Row("of them in the task hub", cost => cost.Work.HostTransactions);
        Row("of them looks into queues that are empty", cost => cost.Work.EmptyPolls);
        Row("of them blobs of the task hub, for what is too large for a row or a message", cost => cost.Work.HubBlobReads + cost.Work.HubBlobWrites);
        Row("of them ledger", cost => cost.Work.LedgerWrites + cost.Work.LedgerReads);
        Row("App Configuration requests", cost => cost.Work.ConfigurationRequests);
        Row("Log Analytics questions", cost => cost.Work.Queries);
        Row("Mails", cost => cost.Work.Mails);
        Line(text, $"| Ledger, MB | {model.Day.Work.LedgerBytes / 1048576.0:0.0} | {model.Sample.Work.LedgerBytes / 1048576.0:0.0} |");
        Line(text, $"| **Dollars** | **{model.Day.Dollars:0.00}** | **{model.Sample.Dollars:0.00}** |");
        Line(text, $"");

        void Row(string what, Func<CountedCost, long> count) => Line(text, $"| {what} | {count(model.Day):#,0} | {count(model.Sample):#,0} |");
    }

    private static void Dollars(StringBuilder text, CountedCost cost)
    {
        Line(text, $"| A release of {cost.Plan.Name} | Arithmetic | Dollars | For 1,000 |");
        Line(text, $"|---|---|---|---|");
        foreach (var line in cost.Bill) Line(text, $"| {line.What} | {line.Arithmetic} | {line.Dollars:0.0000} | {1000 * line.Dollars:0.00} |");
        Line(text, $"| **Sum** | | **{cost.Dollars:0.00}** | **{1000 * cost.Dollars:0}** |");
        Line(text, $"");
    }

    private static void Fleets(StringBuilder text, Scale scale)
    {
        Line(text, $"### How many at a time");
        Line(text, $"");
        Line(text, $"Limits in the order in which releases of a day that run at the same time meet them, rounded down to two digits, and how much of each so many take.");
        Line(text, $"");
        Line(text, $"| Limit | What there is, and what a release takes | Met at | {string.Join(" | ", Scale.Fleets.Select(fleet => Number(fleet)))} | What lifts it | Met then at |");
        Line(text, $"|---|---|---|{string.Concat(Scale.Fleets.Select(_ => "---|"))}---|---|");
        foreach (var limit in scale.Limits)
        {
            Line(text, $"| {limit.What} | {limit.Arithmetic} | {Number(limit.MetAt)} | {string.Join(" | ", Scale.Fleets.Select(fleet => Share(limit.Share(fleet))))} | {limit.Lift} | {(double.IsInfinity(limit.LiftedTo) ? "–" : Number(limit.LiftedTo))} |");
        }

        Line(text, $"");
        foreach (var fleet in Scale.Fleets) Line(text, $"- {Sentence(scale, fleet)}");
        Line(text, $"");
    }

    /// <summary>What is met first, and what then.</summary>
    private static string Sentence(Scale scale, int releases)
    {
        var met = scale.Limits.Where(limit => limit.MetAt <= releases).ToList();
        var dollars = FormattableString.Invariant($"{scale.Instances(releases):#,0} instance{(scale.Instances(releases) == 1 ? "" : "s")}, {scale.DollarsAmong(releases):0.00} dollars a release");
        if (met.Count == 0)
            return FormattableString.Invariant($"**{releases:#,0}**: no limit is met; the nearest, *{scale.Limits[0].What}*, is used to {Share(scale.Limits[0].Share(releases))}. {dollars}.");
        var left = scale.Lifted.Where(limit => limit.LiftedTo <= releases).ToList();
        var then = left.Count == 0
            ? "with all of them lifted, one app is enough"
            : FormattableString.Invariant($"with all of them lifted, one app carries {Number(left[0].LiftedTo)} (*{left[0].What}*), and {scale.Stamps(releases)} apps side by side, each with its own stores, identity and hub, carry them all");
        return FormattableString.Invariant($"**{releases:#,0}**: first *{met[0].What}*, at {Number(met[0].MetAt)}; {met.Count} of {scale.Limits.Count} are met. Then {then}. {dollars}.");
    }

    private static void Assumptions(StringBuilder text)
    {
        Line(text, $"### What the model assumes");
        Line(text, $"");
        Line(text, $"| What | Value | Unit | Source |");
        Line(text, $"|---|---|---|---|");
        foreach (var one in Prices.All.Concat(Behaviour.All).Concat(Scale.Capacity.All)) Line(text, $"| {one.What} | {one.Value:#,0.######} | {one.Unit} | {one.Source} |");
    }

    /// <summary>Two digits are what such a model knows.</summary>
    private static string Number(double releases)
    {
        if (releases < 100) return releases.ToString("0", CultureInfo.InvariantCulture);
        var unit = Math.Pow(10, Math.Floor(Math.Log10(releases)) - 1);
        return (Math.Floor(releases / unit) * unit).ToString("#,0", CultureInfo.InvariantCulture);
    }

    private static string Share(double share) => share switch
    {
        >= 10 => string.Create(CultureInfo.InvariantCulture, $"× {share:#,0}"),
        >= 1 => string.Create(CultureInfo.InvariantCulture, $"× {share:0.0}"),
        >= 0.01 => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %"),
        _ => "< 1 %",
    };

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
