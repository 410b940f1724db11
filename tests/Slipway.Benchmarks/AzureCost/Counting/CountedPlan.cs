using System.Text;
using Slipway.Core.Requests;
using Slipway.Rehearsal.World;
using Slipway.Web.Requests;

namespace Slipway.Benchmarks.AzureCost.Counting;

/// <summary>A release that is counted.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Key">Its name in JSON.</param>
/// <param name="Stages">The stages, as in a request.</param>
internal sealed record CountedPlan(string Name, string Key, string Stages)
{
    /// <summary>A day, looked at each minute.</summary>
    public static CountedPlan Day { get; } = new("24 h", "day", "[{ percentage: 5, bake: 2h }, { percentage: 25, bake: 4h }, { percentage: 100, bake: 18h }]");

    /// <summary>samples/release.yaml.</summary>
    public static CountedPlan Sample { get; } = new("3.5 h", "sample", "[{ percentage: 5, bake: 30m }, { percentage: 25, bake: 1h }, { percentage: 100, bake: 2h }]");

    /// <summary>The release of that id.</summary>
    /// <param name="title">Its title, which with the version makes its id.</param>
    public RehearsalSubject Subject(string title = "Streaming search indexer")
    {
        var text = $$"""
            release: { title: {{title}}, version: 2.4.0, declared_risk: low }
            environments: [{ name: prod }]
            flags: [{ name: search-v2, kill_switch: true }]
            stages: {{Stages}}
            telemetry: { source: log_analytics, workspace: 3f0c2a8e-0000-4000-8000-000000000000, interval: 1m }
            communications: { stakeholders: [{ name: Support, email: support@example.com }] }
            """;
        var reading = ReleaseRequestReader.Read(RequestFile.Parse(Encoding.UTF8.GetBytes(text), "application/yaml"));
        var (subject, problems) = reading.Request is { } request ? RehearsalSubject.Of(request) : (null, reading.Problems);
        return subject ?? throw new InvalidOperationException(string.Join("; ", problems));
    }
}
