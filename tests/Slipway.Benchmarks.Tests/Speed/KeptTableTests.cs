using Slipway.Benchmarks.Speed;

namespace Slipway.Benchmarks.Tests.Speed;

public class KeptTableTests
{
    private static readonly SpeedPart Part = SpeedPart.All[0];

    [Fact]
    public void Table_that_was_printed_is_read_and_finds_nothing_worse_in_itself()
    {
        var rows = Rows(("a", 2), ("b", 0.5));

        Assert.Empty(Kept(rows).Regressions(rows, [Part.Name]));
    }

    [Fact]
    public void Ratio_that_keeps_seventy_percent_passes_and_less_is_told_with_both_numbers()
    {
        var kept = Kept(Rows(("a", 2), ("b", 2)));

        var worse = Assert.Single(kept.Regressions(Rows(("a", 1.4), ("b", 1.39)), [Part.Name]));

        Assert.Contains("b: 1.39", worse, StringComparison.Ordinal);
        Assert.Contains("kept 2, at least 1.4", worse, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_that_is_not_measured_any_more_is_told()
    {
        var worse = Assert.Single(Kept(Rows(("a", 2), ("b", 2))).Regressions(Rows(("a", 2)), [Part.Name]));

        Assert.Contains("b: it is in the kept table and was not measured", worse, StringComparison.Ordinal);
    }

    [Fact]
    public void Ratio_that_is_no_number_is_a_regression()
    {
        Assert.Single(Kept(Rows(("a", 2))).Regressions(Rows(("a", double.NaN)), [Part.Name]));
    }

    [Fact]
    public void Unsteady_ratios_and_parts_that_were_not_asked_for_fail_nothing()
    {
        var unsteady = Kept([(Part, Row("a", 2) with { Ratio = new SpeedRatio("something", 2, Guarded: false) })]);

        Assert.Empty(unsteady.Regressions(Rows(("a", 0.1)), [Part.Name]));
        Assert.Empty(Kept(Rows(("a", 2))).Regressions([], ["another"]));
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("""{ "schema": "slipway.speed.v0", "mode": "quick", "rows": [] }""")]
    [InlineData("""{ "schema": "slipway.speed.v1", "mode": "quick", "rows": [{ "what": "a" }] }""")]
    [InlineData("""{ "schema": "slipway.speed.v1", "rows": [] }""")]
    public void Read_WhatIsNoTable_SaysSo(string json) =>
        Assert.StartsWith("The kept table", Assert.Throws<FormatException>(() => KeptTable.Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_kept_table_of_the_repository_is_a_quick_one_and_knows_only_rows_of_parts_that_exist()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Serverless.sln"))) directory = directory.Parent;
        var kept = KeptTable.Read(File.ReadAllText(Path.Combine(directory!.FullName, "tests", "Slipway.Benchmarks", "quick.json")));

        Assert.Equal("quick", kept.Mode);
        Assert.NotEmpty(kept.Parts);
        Assert.Subset(SpeedPart.All.Select(part => part.Name).ToHashSet(), kept.Parts.ToHashSet());
    }

    private static KeptTable Kept(IReadOnlyList<(SpeedPart, SpeedRow)> rows) =>
        KeptTable.Read(new SpeedReport("quick", Machine.Current, TimeSpan.FromSeconds(1), rows).ToJson());

    private static List<(SpeedPart, SpeedRow)> Rows(params (string What, double Ratio)[] rows) => [.. rows.Select(row => (Part, Row(row.What, row.Ratio)))];

    private static SpeedRow Row(string what, double ratio) => new() { What = what, Result = 1, Unit = "ms", Ratio = new SpeedRatio("something", ratio) };
}
