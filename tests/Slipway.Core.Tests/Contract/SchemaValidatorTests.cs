namespace Slipway.Core.Tests.Contract;

public sealed class SchemaValidatorTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "\"a\"", "1")]
    [InlineData("""{"type":"integer"}""", "3", "3.5")]
    [InlineData("""{"type":"integer"}""", "3.0", "\"3\"")]
    [InlineData("""{"type":"number"}""", "3.5", "null")]
    [InlineData("""{"type":"boolean"}""", "false", "0")]
    [InlineData("""{"type":"array"}""", "[]", "{}")]
    [InlineData("""{"const":1}""", "1", "2")]
    [InlineData("""{"enum":["a","b"]}""", "\"b\"", "\"c\"")]
    [InlineData("""{"required":["a"]}""", """{"a":null}""", """{"b":1}""")]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"a":"x"}""", """{"a":1}""")]
    [InlineData("""{"properties":{"a":{}},"additionalProperties":false}""", """{"a":1}""", """{"a":1,"b":2}""")]
    [InlineData("""{"items":{"type":"string"}}""", """["a"]""", """["a",1]""")]
    [InlineData("""{"contains":{"const":1}}""", "[2,1]", "[2]")]
    [InlineData("""{"minItems":2}""", "[1,2]", "[1]")]
    [InlineData("""{"uniqueItems":true}""", "[1,2]", "[1,1]")]
    [InlineData("""{"minLength":2}""", "\"ab\"", "\"a\"")]
    [InlineData("""{"maxLength":1}""", "\"😀\"", "\"ab\"")]
    [InlineData("""{"pattern":"^a+$"}""", "\"aa\"", "\"aa\\n\"")]
    [InlineData("""{"minimum":0}""", "0", "-1")]
    [InlineData("""{"maximum":1}""", "1", "1.01")]
    [InlineData("""{"exclusiveMinimum":0}""", "0.1", "0")]
    [InlineData("""{"exclusiveMaximum":100}""", "99", "100")]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":2}]}""", "1.5", "3")]
    [InlineData("""{"anyOf":[{"const":1},{"const":2}]}""", "2", "3")]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":2}]}""", "1", "2")]
    [InlineData("""{"not":{"const":1}}""", "2", "1")]
    [InlineData("""{"if":{"const":1},"then":false,"else":{"minimum":5}}""", "5", "1")]
    [InlineData("""{"if":{"const":1},"then":{},"else":{"minimum":5}}""", "1", "4")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"type":"string"}}}""", "\"a\"", "1")]
    public void Keyword_HoldsForOneAndNotForTheOther(string schema, string good, string bad)
    {
        var validator = SchemaValidator.Parse(schema);
        Assert.Empty(validator.Validate(good));
        Assert.NotEmpty(validator.Validate(bad));
    }

    [Fact]
    public void Problem_NamesThePlaceTheKeywordAndTheValue()
    {
        var validator = SchemaValidator.Parse("""{"properties":{"a":{"items":{"maximum":1}}}}""");
        Assert.Equal(["$.a[1]: maximum 1 does not hold for 7"], validator.Validate("""{"a":[0,7]}"""));
    }

    [Fact]
    public void Keyword_ThatIsNotKnown_IsNeverIgnored() =>
        Assert.Throws<NotSupportedException>(() => SchemaValidator.Parse("""{"patternProperties":{}}""").Validate("{}"));

    [Fact]
    public void Assertions_OnAnotherType_Hold() =>
        Assert.Empty(SchemaValidator.Parse("""{"minimum":5,"minLength":5,"minItems":5,"required":["a"],"pattern":"x","contains":{"const":1}}""").Validate("true"));
}
