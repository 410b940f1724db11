using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Requests;

public sealed class JsonRequestDocumentTests
{
    [Theory]
    [InlineData("{\"a\": tru}", 1)]
    [InlineData("{\n  \"a\": 1,\n}", 3)]
    [InlineData("{\"a\": 1} {", 1)]
    [InlineData("[1, 2", 1)]
    [InlineData("{a: 1}", 1)]
    public void Broken_JSON_is_one_problem_with_its_place(string json, int line)
    {
        var document = JsonRequestDocument.Parse(json);

        Assert.Null(document.Root);
        var problem = Assert.Single(document.Problems);
        Assert.StartsWith("broken JSON: ", problem.Found, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", problem.Found, StringComparison.Ordinal);
        Assert.DoesNotContain("reader options", problem.Found, StringComparison.Ordinal);
        Assert.Equal(line, problem.Line);
        Assert.Equal("valid JSON", problem.Expected);
    }

    [Fact]
    public void A_string_that_is_no_Unicode_text_is_a_problem()
    {
        var problem = Assert.Single(JsonRequestDocument.Parse("{\n \"a\": \"\\ud800\"}").Problems);

        Assert.Equal((2, 7, "text that is not valid Unicode"), (problem.Line, problem.Column, problem.Found));
    }

    [Fact]
    public void Places_quotes_and_repeated_keys_are_kept_and_columns_count_characters()
    {
        var root = Assert.IsType<RequestMapping>(JsonRequestDocument.Parse("{\"ä\": 1,\n \"ä\": \"1\"}").Root);

        Assert.Equal(["ä", "ä"], root.Entries.Select(entry => entry.Key));
        Assert.Equal(new RequestScalar("1", Quoted: false, 1, 7), root.Entries[0].Value);
        Assert.Equal(new RequestScalar("1", Quoted: true, 2, 7), root.Entries[1].Value);
    }

    [Fact]
    public void Too_deep_and_too_large_are_refused()
    {
        Assert.Equal("at most 32 levels", Assert.Single(JsonRequestDocument.Parse(new string('[', 33) + new string(']', 33)).Problems).Expected);
        Assert.Equal("at most 262144 bytes", Assert.Single(JsonRequestDocument.Parse(new string(' ', RequestLimits.MaxBytes + 1)).Problems).Expected);
        Assert.Empty(JsonRequestDocument.Parse(new string('[', 32) + new string(']', 32)).Problems);
    }

    [Fact]
    public void Endless_nesting_is_refused_without_exhausting_the_stack() =>
        Assert.Single(JsonRequestDocument.Parse(new string('[', 200_000)).Problems);

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("\uFEFF")]
    [InlineData("{}")]
    public void A_file_without_content_is_an_empty_request(string json)
    {
        var reading = ReleaseRequestReader.Read(JsonRequestDocument.Parse(json));

        Assert.Empty(reading.Problems);
        Assert.Equal("release", reading.Request!.Release.Id.Value);
    }

    [Fact]
    public void A_repeated_key_is_reported_where_it_stands_again()
    {
        var problem = Assert.Single(ReleaseRequestReader.Read(JsonRequestDocument.Parse("{\"strategy\": \"canary\",\n\"strategy\": \"shadow\"}")).Problems);

        Assert.Equal(("strategy", 2, 1, "the key a second time"), (problem.Path, problem.Line, problem.Column, problem.Found));
    }
}
