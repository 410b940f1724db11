using Slipway.Core.Analysis;
using Slipway.Rehearsal.Backtesting.Recordings;

namespace Slipway.Rehearsal.Tests.Backtesting;

public sealed class RecordingTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-recording").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Csv_and_json_lines_of_the_same_rows_are_the_same_recording()
    {
        var sample = new SampleRecordings { Minutes = 30, Regions = ["westeurope", "northeurope"], Canary = 0.2 };

        var (csv, jsonl) = (Open("a.csv", sample.Csv()), Open("a.jsonl", sample.Jsonl()));

        Assert.Equal(Numbers(csv.Survey), Numbers(jsonl.Survey));
        Assert.Equal(["northeurope", "westeurope"], csv.Survey.Regions);
        Assert.Equal(Cells(csv), Cells(jsonl));
        Assert.Equal(120, csv.Survey.Rows);
        Assert.Equal(sample.Rows().Sum(row => row.Sample.Latency.Above(80)), csv.Intervals().SelectMany(interval => interval.Rows).Sum(row => row.Sample.Latency.Above(80)));
    }

    [Fact]
    public void Rows_in_any_order_are_the_same_recording()
    {
        var sample = new SampleRecordings { Minutes = 20, Regions = ["a", "b"] };
        var lines = sample.Csv().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var turned = string.Join('\n', lines.Skip(1).Reverse().Prepend(lines[0])) + "\n";

        var (sorted, unsorted) = (Open("sorted.csv", sample.Csv()), Open("unsorted.csv", turned));

        Assert.Equal((true, false), (sorted.Survey.Sorted, unsorted.Survey.Sorted));
        Assert.Equal((sorted.Survey.From, sorted.Survey.To, sorted.Survey.Intervals), (unsorted.Survey.From, unsorted.Survey.To, unsorted.Survey.Intervals));
        Assert.Equal(Cells(sorted), Cells(unsorted));
    }

    [Fact]
    public void Columns_stand_in_any_order_and_case_and_an_export_of_the_portal_is_read_as_it_is()
    {
        var recording = Open("portal.csv", "\uFEFFRequests,\"TimeGenerated [UTC]\",Failures,Arm,Region\n120,\"11/3/2026, 2:05:00.000 PM\",3,True,\n2400,\"11/3/2026, 2:05:00.000 PM\",4,off,\n");

        var (start, rows) = Assert.Single(recording.Intervals());

        Assert.Equal(new DateTimeOffset(2026, 11, 3, 14, 5, 0, TimeSpan.Zero), start);
        Assert.Equal([("global", RecordedArm.Control, 2400L, 4L), ("global", RecordedArm.Canary, 120L, 3L)], rows.Select(row => (row.Region, row.Arm, row.Sample.Requests, row.Sample.Errors)));
        Assert.True(recording.Survey.HasCanary);
        Assert.False(recording.Survey.HasLatency);
    }

    [Fact]
    public void A_time_of_another_zone_is_the_same_moment()
    {
        var recording = Open("zone.csv", "start,requests,failures\n2026-11-03T15:05:00+01:00,10,1\n");

        Assert.Equal(new DateTimeOffset(2026, 11, 3, 14, 5, 0, TimeSpan.Zero), recording.Survey.From);
        Assert.Equal(TimeSpan.Zero, recording.Survey.From.Offset);
    }

    [Fact]
    public void Gaps_are_counted_and_named_in_whatever_order_rows_come()
    {
        const string Rows = "2026-11-03T14:09:00Z,10,0\n2026-11-03T14:05:00Z,10,0\n2026-11-03T14:06:00Z,10,0\n";

        var survey = Open("gap.csv", "start,requests,failures\n" + Rows).Survey;

        Assert.Equal(2, survey.Missing);
        Assert.Equal(new RecordingGap(new(2026, 11, 3, 14, 7, 0, TimeSpan.Zero), new(2026, 11, 3, 14, 9, 0, TimeSpan.Zero)), Assert.Single(survey.Gaps));
    }

    [Theory]
    [InlineData("start,requests,failures\n2026-11-03T14:05:00Z,12x,0\n", "bad.csv line 2, column requests: found '12x', expected a whole number, 0 or more")]
    [InlineData("start,requests,failures\n2026-11-03T14:05:00Z,12,13\n", "bad.csv line 2, column failures: found 13, expected 0 to the row's requests (12)")]
    [InlineData("start,requests,failures\n2026-11-03T14:05:00Z,-1,0\n", "bad.csv line 2, column requests: found '-1', expected a whole number, 0 or more")]
    [InlineData("start,requests,failures\n2026-11-03T14:05:00,12,0\n", "bad.csv line 2, column start: found '2026-11-03T14:05:00', a time without a zone, expected the start of an interval with its time zone, for example 2026-11-03T14:05:00Z")]
    [InlineData("start,requests,failures\nyesterday,12,0\n", "bad.csv line 2, column start: found 'yesterday', expected the start of an interval with its time zone, for example 2026-11-03T14:05:00Z")]
    [InlineData("start,requests,failures\n2026-11-03T14:05:30Z,12,0\n", "bad.csv line 2, column start: found '2026-11-03T14:05:30Z', expected a multiple of the plan's interval of 60 s")]
    [InlineData("start,requests,failures\n2026-11-03T14:05:00Z,12\n", "bad.csv line 2: found 2 values, expected 3, one for each title")]
    [InlineData("start,request,failures\n", "bad.csv line 1, column request: found the title 'request', expected one of start, region, arm, requests, failures, latency, users, failed_users; did you mean requests?")]
    [InlineData("start,requests\n2026-11-03T14:05:00Z,12\n", "bad.csv line 1, column failures: found no such column among 'start, requests', expected the columns start, requests and failures, separated by commas")]
    [InlineData("start,requests,failures\n", "bad.csv: found no row, expected at least one interval of telemetry")]
    [InlineData("", "bad.csv line 1, column start: found no such column among nothing, expected the columns start, requests and failures, separated by commas")]
    [InlineData("start,arm,requests,failures\n2026-11-03T14:05:00Z,blue,12,0\n", "bad.csv line 2, column arm: found 'blue', expected canary or control (also true, on, new; false, off, old), or nothing where the recording has no arms")]
    [InlineData("start,arm,requests,failures\n2026-11-03T14:05:00Z,canary,12,0\n2026-11-03T14:06:00Z,,12,0\n", "bad.csv line 3, column arm: found no arm, expected an arm in every row or in none; line 2 has canary")]
    [InlineData("start,requests,failures\n2026-11-03T14:05:00Z,12,0\n2026-11-03T14:06:00Z,12,0\n2026-11-03T15:06:00+01:00,12,0\n", "bad.csv line 4: found no arm of global at 2026-11-03 14:06:00Z again, which line 3 has, expected each interval, region and arm once")]
    [InlineData("start,requests,failures\n2026-11-03T14:05:00Z,12,0\n2026-11-03T14:06:00Z,12,0\n2026-11-03T14:05:00Z,12,0\n", "bad.csv line 4: found no arm of global at 2026-11-03 14:05:00Z again, which line 2 has, expected each interval, region and arm once")]
    [InlineData("start,requests,failures,latency\n2026-11-03T14:05:00Z,12,0,\"{\"\"84\"\":13}\"\n", "bad.csv line 2, column latency: found 13 latencies, expected at most one for each of the 12 requests")]
    [InlineData("start,requests,failures,latency\n2026-11-03T14:05:00Z,12,0,\"{\"\"376\"\":1}\"\n", "bad.csv line 2, column latency: found bucket '376', expected a bucket from 0 to 375")]
    [InlineData("start,requests,failures,latency\n2026-11-03T14:05:00Z,12,0,84:3\n", "bad.csv line 2, column latency: found '84:3', expected a JSON object of counts by bucket, for example {\"84\": 12, \"85\": 3}")]
    public void What_cannot_be_used_says_where_what_and_what_is_expected(string text, string expected)
    {
        var exception = Assert.Throws<RecordingException>(() => Open("bad.csv", text));

        Assert.Equal(expected, exception.Message);
    }

    [Theory]
    [InlineData("{\"start\":\"2026-11-03T14:05:00Z\",\"requests\":1,\"failures\":0}\nnonsense\n", "bad.jsonl line 2")]
    [InlineData("{\"start\":\"2026-11-03T14:05:00Z\",\"requests\":1}\n", "bad.jsonl line 1, column failures: found nothing, expected a whole number, 0 or more")]
    [InlineData("{\"start\":\"2026-11-03T14:05:00Z\",\"requests\":1.5,\"failures\":0}\n", "bad.jsonl line 1, column requests: found '1.5', expected a whole number, 0 or more")]
    [InlineData("{\"start\":\"2026-11-03T14:05:00Z\",\"requests\":1,\"requests\":2,\"failures\":0}\n", "bad.jsonl line 1: found no JSON object, expected one JSON object a line, each member once")]
    [InlineData("{\"start\":\"2026-11-03T14:05:00Z\",\"requests\":1,\"failures\":0,\"latencies\":{}}\n", "bad.jsonl line 1, column latencies: found an unknown member, expected one of start, region, arm, requests, failures, latency, users, failed_users; did you mean latency?")]
    [InlineData("[1]\n", "bad.jsonl line 1: found '[1]', expected one JSON object")]
    public void What_is_wrong_with_a_json_line_says_so_too(string text, string expected)
    {
        var exception = Assert.Throws<RecordingException>(() => Open("bad.jsonl", text));

        Assert.StartsWith(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_ending_is_refused()
    {
        Assert.Equal("bad.xlsx: found the ending '.xlsx', expected .csv, or .jsonl", Assert.Throws<RecordingException>(() => Open("bad.xlsx", "x")).Message);
    }

    private Recording Open(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return Recording.Open(path, name, Minute);
    }

    private static List<(DateTimeOffset, string, RecordedArm, long, long, LatencyHistogram)> Cells(Recording recording) =>
        [.. recording.Intervals().SelectMany(interval => interval.Rows.Select(row => (interval.Start, row.Region, row.Arm, row.Sample.Requests, row.Sample.Errors, row.Sample.Latency)))];

    private static (long, DateTimeOffset, DateTimeOffset, long, bool, bool, long, long, long) Numbers(RecordingSurvey survey) =>
        (survey.Rows, survey.From, survey.To, survey.Intervals, survey.HasCanary, survey.HasLatency, survey.Requests, survey.Failures, survey.Missing);
}
