using System.Text.Json;
using Slipway.Core.Gates;
using Slipway.Core.Serialization;

namespace Slipway.Core.Tests.Gates;

public class RehearsalBoundsTests
{
    private static readonly RehearsalRow Kept = new()
    {
        Scenario = "error-x5",
        Stage = 1,
        Outcomes = new Dictionary<string, int> { ["completed"] = 1, ["rolled_back"] = 2 },
        MinutesToDetect = 4.5,
        RequestsHarmed = 120,
        PeakExposure = 5,
        MinutesToSafe = 1.2,
        Kept = true,
    };

    private static readonly RehearsalRow Unfit = new() { Scenario = "one-region", Remark = "the plan has one region" };

    private static readonly RehearsalProof Good = new("0123456789abcdef", new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero), 12.5, "aa11", true, true, 1) { Rows = [Kept, Unfit] };

    [Fact]
    public void A_stated_rehearsal_with_and_without_rows_is_taken()
    {
        Assert.Null(RehearsalBounds.Problem(Good));
        Assert.Null(RehearsalBounds.Problem(Good with { Rows = null }));
    }

    [Fact]
    public void An_outcome_says_the_number_of_seeds_the_most_first() => Assert.Equal("2 rolled back, 1 completed", Kept.OutcomeText);

    [Fact]
    public void A_ledger_from_before_there_were_rows_is_read_and_written_as_it_was()
    {
        const string Old = """{"id":"0123456789abcdef","at":"2026-11-24T12:00:00Z","duration_seconds":12.5,"content_hash":"aa11","passed":true,"complete":true,"scenarios":18}""";
        var proof = JsonSerializer.Deserialize<RehearsalProof>(Old, SlipwayJson.Options)!;

        Assert.Null(proof.Rows);
        Assert.Equal(Old, JsonSerializer.Serialize(proof, SlipwayJson.Options));
    }

    [Fact]
    public void The_ledger_has_rows_by_name()
    {
        var json = JsonSerializer.Serialize(Good, SlipwayJson.Options);

        Assert.Contains("""{"scenario":"error-x5","stage":1,"outcomes":{"completed":1,"rolled_back":2},"minutes_to_detect":4.5,"requests_harmed":120,"peak_exposure":5,"minutes_to_safe":1.2,"kept":true,"remark":""}""", json, StringComparison.Ordinal);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<RehearsalProof>(json, SlipwayJson.Options), SlipwayJson.Options));
    }

    public static TheoryData<string, string> Bad => new()
    {
        { "rows[0].scenario", "a name of 1 to 60 visible characters" },
        { "rows[0].remark", "one line of at most 160 visible characters" },
        { "rows[0].outcomes", "an ending such as rolled_back" },
        { "rows[0].outcomes.stuck", "1 to 1000 seeds" },
        { "rows[0].stage", "1 to 100" },
        { "rows[0].minutes_to_detect", "0 to 1000000" },
        { "rows[0].requests_harmed", "0 to 1000000000000000" },
        { "rows[0].peak_exposure", "0 to 100" },
        { "rows[0].minutes_to_safe", "0 to 1000000" },
        { "rows[1]", "kept, or no results where the scenario does not fit the plan" },
        { "rows[1].scenario", "a scenario that stands in no row before" },
        { "rows", "64 at most" },
        { "scenarios", "1, as many as rows that fit the plan" },
        { "passed", "false, as promises of error-x5 are broken" },
        { "id", "1 to 64 hexadecimal digits" },
        { "content_hash", "1 to 64 hexadecimal digits" },
        { "duration_seconds", "0 to 10000000" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_out_of_bounds_is_said_with_its_place(string path, string expected)
    {
        RehearsalProof With(RehearsalRow row) => Good with { Rows = [row, Unfit] };
        var proof = path switch
        {
            "rows[0].scenario" => With(Kept with { Scenario = "error\u202Egnp" }),
            "rows[0].remark" => With(Kept with { Remark = new string('x', 161) }),
            "rows[0].outcomes" => With(Kept with { Outcomes = new Dictionary<string, int> { ["<b>"] = 1 } }),
            "rows[0].outcomes.stuck" => With(Kept with { Outcomes = new Dictionary<string, int> { ["stuck"] = 0 } }),
            "rows[0].stage" => With(Kept with { Stage = 0 }),
            "rows[0].minutes_to_detect" => With(Kept with { MinutesToDetect = double.NaN }),
            "rows[0].requests_harmed" => With(Kept with { RequestsHarmed = -1 }),
            "rows[0].peak_exposure" => With(Kept with { PeakExposure = 100.1 }),
            "rows[0].minutes_to_safe" => With(Kept with { MinutesToSafe = double.PositiveInfinity }),
            "rows[1]" => Good with { Rows = [Kept, Unfit with { PeakExposure = 5 }] },
            "rows[1].scenario" => Good with { Rows = [Kept, Kept], Scenarios = 2 },
            "rows" => Good with { Rows = [.. Enumerable.Range(0, 65).Select(number => Unfit with { Scenario = $"s{number}" })] },
            "scenarios" => Good with { Scenarios = 18 },
            "passed" => With(Kept with { Kept = false, Remark = "taken back too late" }),
            "id" => Good with { Id = "<script>" },
            "content_hash" => Good with { ContentHash = "" },
            _ => Good with { DurationSeconds = -1 },
        };

        var problem = RehearsalBounds.Problem(proof)!;
        Assert.Equal((path, expected), (problem.Path, problem.Expected));
    }
}
