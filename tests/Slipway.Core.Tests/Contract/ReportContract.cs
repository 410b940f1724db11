using Slipway.Core.Reporting;

namespace Slipway.Core.Tests.Contract;

/// <summary>The report's schema as it is embedded in the product.</summary>
internal static class ReportContract
{
    public const string Strict = "#/$defs/strictReport";

    public static string Schema => ContractSchemas.ReleaseReport;

    public static SchemaValidator Validator { get; } = SchemaValidator.Parse(Schema);

    /// <summary>Problems against the root and the strict rules; empty when the report is valid.</summary>
    public static IReadOnlyList<string> Problems(string json) => [.. Validator.Validate(json), .. Validator.Validate(json, Strict)];
}
