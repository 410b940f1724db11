using Slipway.Core.Requests;
using Slipway.Web.Requests;

namespace Slipway.Web.Tests.Requests;

public sealed class YamlRequestDocumentTests
{
    [Theory]
    [InlineData("n]:\n  s: { e: u, l: s }")]
    [InlineData("e]: { e: S, l: s }")]
    [InlineData("a:\n  - b]: { c: d, e: f }\n    g: h")]
    [InlineData("{\"{\"a:}")]
    public void A_key_that_ends_like_a_position_is_printed_as_a_key(string yaml)
    {
        var printed = RequestYaml.Write((RequestMapping)YamlRequestDocument.Parse(yaml).Root!);

        Assert.Equal(printed, RequestYaml.Write(Assert.IsType<RequestMapping>(YamlRequestDocument.Parse(printed).Root)));
    }

    [Theory]
    [InlineData("a: [1, 2", "broken YAML", 1)]
    [InlineData("a: b: c", "broken YAML", 1)]
    [InlineData("a: 1\n\tb: 2", "broken YAML", 1)]
    [InlineData("a: \"open", "broken YAML", 1)]
    [InlineData("a: &x 1\nb: *x", "the anchor &x", 1)]
    [InlineData("a: *x", "the alias *x", 1)]
    [InlineData("a: !!binary aGk=", "the tag", 1)]
    [InlineData("a: !exec rm", "the tag !exec", 1)]
    [InlineData("a: 1\n---\nb: 2", "a second YAML document", 2)]
    [InlineData("? [a, b]\n: 1", "a mapping or list as a key", 1)]
    public void What_is_not_plain_YAML_is_one_problem_with_its_place(string yaml, string found, int line)
    {
        var document = YamlRequestDocument.Parse(yaml);

        Assert.Null(document.Root);
        var problem = Assert.Single(document.Problems);
        Assert.StartsWith(found, problem.Found, StringComparison.Ordinal);
        Assert.Equal(line, problem.Line);
        Assert.True(problem.Column >= 1);
        Assert.DoesNotContain("   at ", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("\uFEFF")]
    public void A_file_without_content_is_an_empty_mapping(string yaml) =>
        Assert.Empty(Assert.IsType<RequestMapping>(YamlRequestDocument.Parse(yaml).Root).Entries);

    [Fact]
    public void Places_and_quotes_are_kept()
    {
        var root = Assert.IsType<RequestMapping>(YamlRequestDocument.Parse("a: 1\nlist:\n  - \"two\"\n").Root);

        Assert.Equal(new RequestScalar("1", Quoted: false, 1, 4), root.Entries[0].Value);
        Assert.Equal((2, 1), (root.Entries[1].Line, root.Entries[1].Column));
        Assert.Equal(new RequestScalar("two", Quoted: true, 3, 5), Assert.IsType<RequestSequence>(root.Entries[1].Value).Items[0]);
    }

    [Fact]
    public void A_file_that_is_too_deep_too_large_or_too_long_is_refused()
    {
        var deep = YamlRequestDocument.Parse(new string('[', 40) + new string(']', 40));
        var large = YamlRequestDocument.Parse("a: " + new string('x', RequestLimits.MaxBytes));
        var longList = YamlRequestDocument.Parse("a: [" + string.Join(',', Enumerable.Repeat("1", RequestLimits.MaxNodes)) + "]");

        Assert.Equal("at most 32 levels", Assert.Single(deep.Problems).Expected);
        Assert.Equal("at most 262144 bytes", Assert.Single(large.Problems).Expected);
        Assert.Equal("at most 20000 keys and values", Assert.Single(longList.Problems).Expected);
    }

    [Theory]
    [InlineData("{\"a\": 01}", null, "broken JSON")]
    [InlineData("{\"a\": 01}", "release.json", "broken JSON")]
    [InlineData("{\"a\": 1", "release.yaml", "broken YAML")]
    [InlineData("a: 1", "application/json; charset=utf-8", "broken JSON")]
    [InlineData("a: [", "application/yaml", "broken YAML")]
    public void The_name_or_type_chooses_the_notation_and_the_content_where_they_do_not(string text, string? nameOrType, string found) =>
        Assert.StartsWith(found, Assert.Single(RequestFile.Parse(text, nameOrType).Problems).Found, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_not_UTF8_are_a_problem_with_their_line()
    {
        var problem = Assert.Single(RequestFile.Parse([(byte)'a', (byte)':', (byte)'\n', 0xFF, 0xFE], "release.yaml").Problems);

        Assert.Equal((2, "bytes that are not UTF-8 text"), (problem.Line, problem.Found));
    }
}
