namespace Slipway.Core.Reporting;

/// <summary>The published JSON Schemas (draft 2020-12), as text.</summary>
public static class ContractSchemas
{
    private static readonly Lazy<string> Request = new(() => Read("Slipway.Core.Requests.release-request.schema.json"));
    private static readonly Lazy<string> Report = new(() => Read("Slipway.Core.Reporting.release-report.schema.json"));

    /// <summary>The schema of <c>release.yaml</c>, for editor completion. What it allows, the reader may still refuse: it knows more rules.</summary>
    public static string ReleaseRequest => Request.Value;

    /// <summary>The schema of the release report and of <c>insufficient_context</c>.</summary>
    public static string ReleaseReport => Report.Value;

    private static string Read(string name)
    {
        using var stream = typeof(ContractSchemas).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
