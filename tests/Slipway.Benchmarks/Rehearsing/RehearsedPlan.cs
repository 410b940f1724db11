using System.Text;
using Slipway.Core.Requests;
using Slipway.Rehearsal.World;
using Slipway.Web.Requests;

namespace Slipway.Benchmarks.Rehearsing;

/// <summary>A plan whose rehearsals are measured.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Scenarios">The scenarios.</param>
/// <param name="Stages">The stages, as in a request.</param>
/// <param name="GoalMilliseconds">What a rehearsal may cost in processor time; null: no goal.</param>
internal sealed record RehearsedPlan(string Name, IReadOnlyList<string> Scenarios, string Stages, double? GoalMilliseconds)
{
    /// <summary>The plans: the small sample, and a day that is looked at each minute.</summary>
    public static IReadOnlyList<RehearsedPlan> All { get; } =
    [
        new("sample, 3.5 h", ["healthy", "error-x5"], "[{ percentage: 5, bake: 30m }, { percentage: 25, bake: 1h }, { percentage: 100, bake: 2h }]", null),
        new("24 h", ["healthy"], "[{ percentage: 5, bake: 2h }, { percentage: 25, bake: 4h }, { percentage: 100, bake: 18h }]", 100),
        new("24 h, two nights", ["healthy"], "[{ percentage: 5, bake: 4h }, { percentage: 25, bake: 8h }, { percentage: 100, bake: 12h }]", null),
    ];

    /// <summary>What is rehearsed.</summary>
    public RehearsalSubject Subject { get; } = SubjectOf($$"""
        release: { title: Streaming search indexer, version: 2.4.0, declared_risk: low }
        environments: [{ name: prod }]
        flags: [{ name: search-v2, kill_switch: true }]
        stages: {{Stages}}
        telemetry: { source: embedded, interval: 1m }
        communications: { stakeholders: [{ name: Support, email: support@example.com }] }
        """);

    /// <summary>The subject of a request in YAML. Throws <see cref="InvalidOperationException"/> when it is none.</summary>
    public static RehearsalSubject SubjectOf(string yaml)
    {
        var reading = ReleaseRequestReader.Read(RequestFile.Parse(Encoding.UTF8.GetBytes(yaml), "application/yaml"));
        var (subject, problems) = reading.Request is { } request ? RehearsalSubject.Of(request) : (null, reading.Problems);
        return subject ?? throw new InvalidOperationException(string.Join("; ", problems));
    }
}
