using Microsoft.AspNetCore.Http;
using Slipway.Core.Gates;
using Slipway.Core.Requests;
using Slipway.Web.Api;

namespace Slipway.Web.Tests.Api;

public sealed class RehearsalHeaderTests
{
    private static readonly RehearsalProof Proof = new("0123456789abcdef", new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero), 12.5, new string('a', 64), false, true, 0);

    [Fact]
    public void The_whole_library_with_a_long_word_on_each_scenario_goes_in_one_header_and_comes_back()
    {
        var proof = With(Enumerable.Range(1, 30).Select(number => Row($"flags-down-at-rollback-{number}", "nobody had the new version any more only 7.5 minutes after the decision to go back")));

        var value = RehearsalHeader.Write(proof);

        Assert.InRange(value.Length, 4_000, 7_500);
        Assert.Equal(proof.Rows!, Read(value)!.Rows!, Same);
        Assert.Equal((proof.Id, proof.At, proof.Scenarios), (Read(value)!.Id, Read(value)!.At, Read(value)!.Scenarios));
    }

    [Fact]
    public void Text_of_any_language_is_ascii_on_the_way_and_itself_at_the_end()
    {
        var value = RehearsalHeader.Write(With([Row("größte-Last", "Schlüssel „日本語“ 🚀 blieb an")]));

        Assert.True(System.Text.Ascii.IsValid(value), value);
        Assert.Equal(("größte-Last", "Schlüssel „日本語“ 🚀 blieb an"), (Read(value)!.Rows![0].Scenario, Read(value)!.Rows![0].Remark));
    }

    [Fact]
    public void Remarks_are_cut_before_a_row_is_left_out()
    {
        var value = RehearsalHeader.Write(With(Enumerable.Range(1, 64).Select(number => Row($"s{number}", new string('x', 160)))));

        Assert.InRange(value.Length, 4_000, 7_500);
        var rows = Read(value)!.Rows!;
        Assert.Equal(64, rows.Count);
        Assert.All(rows, row => Assert.True(row.Remark.Length <= 40 && row.PeakExposure == 12.5));
    }

    [Fact]
    public void Without_rows_it_is_as_it_was() => Assert.DoesNotContain("matrix", RehearsalHeader.Write(Proof), StringComparison.Ordinal);

    [Theory]
    [InlineData("[]", "", "no JSON object")]
    [InlineData("{\"id\":1}", "", "something else")]
    [InlineData("{COMMON,\"matrix\":3}", "matrix", "no array")]
    [InlineData("{COMMON,\"matrix\":[[1]]}", "matrix", "a row that is something else")]
    [InlineData("{COMMON,\"matrix\":[[\"a\",\"x\",{},1,1,1,1,true,\"\"]]}", "", "something else")]
    [InlineData("{COMMON,\"matrix\":[[\"a\",1,{\"stuck\":1},1,1,101,1,true,\"\"]]}", "rows[0].peak_exposure", "101")]
    public void What_cannot_be_taken_is_said_with_its_place(string value, string member, string found)
    {
        const string Common = "\"id\":\"aa\",\"at\":\"2026-11-24T12:00:00Z\",\"duration_seconds\":1,\"content_hash\":\"aa\",\"passed\":false,\"complete\":true,\"scenarios\":1";

        Assert.False(TryRead(value.Replace("COMMON", Common, StringComparison.Ordinal), out _, out var problem));
        Assert.Equal(($"the header Slipway-Rehearsal{(member.Length > 0 ? $", {member}" : "")}", found), (problem!.Path, problem.Found));
    }

    [Fact]
    public void A_header_that_is_too_long_is_not_even_read()
    {
        Assert.False(TryRead(new string(' ', 7_501), out _, out var problem));
        Assert.Equal(("7501 characters", "7500 at most"), (problem!.Found, problem.Expected));
    }

    private static bool Same(RehearsalRow one, RehearsalRow other) =>
        one.Outcomes.OrderBy(outcome => outcome.Key).SequenceEqual(other.Outcomes.OrderBy(outcome => outcome.Key)) && one with { Outcomes = other.Outcomes } == other;

    private static RehearsalProof With(IEnumerable<RehearsalRow> rows)
    {
        var all = rows.ToList();
        return Proof with { Rows = all, Scenarios = all.Count };
    }

    private static RehearsalRow Row(string name, string remark) => new()
    {
        Scenario = name,
        Stage = 1,
        Outcomes = new Dictionary<string, int> { ["rolled_back"] = 3 },
        MinutesToDetect = 4.5,
        RequestsHarmed = 1204,
        PeakExposure = 12.5,
        MinutesToSafe = 7.5,
        Kept = false,
        Remark = remark,
    };

    private static RehearsalProof? Read(string value) => TryRead(value, out var proof, out var problem) ? proof : throw new InvalidOperationException(problem!.ToString());

    private static bool TryRead(string value, out RehearsalProof? proof, out RequestProblem? problem)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers[RehearsalHeader.Name] = value;
        return RehearsalHeader.TryRead(http.Request, out proof, out problem);
    }
}
