using Slipway.Core.Planning.Risk;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Failures;

/// <summary>Finds what can go wrong; pure. Every kind is considered, and has at least one entry, whether or not it applies.</summary>
public static class FailureScenarios
{
    /// <summary>The scenarios in the order of <see cref="FailureKind"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="manifest">Its files.</param>
    /// <param name="category">The category of the change.</param>
    public static IReadOnlyList<FailureScenario> Of(ReleaseRequest request, ClassifiedManifest manifest, ChangeRisk category) =>
    [
        DbSchema(request, manifest),
        DataCorruption(request),
        Running(FailureKind.LatencySpike, "latency_spike", category, "answers become slow for users on the new version"),
        Running(FailureKind.ErrorSpike, "error_spike", category, "requests of users on the new version fail"),
        .. Services(request),
        .. ExternalApis(request),
        PartialDeployment(request),
        Security(manifest),
        Configuration(request, manifest),
        new("lost_telemetry", FailureKind.LostTelemetry, true, "every release is judged by telemetry, which can stay away", FailureSeverity.High, "users may be harmed without anybody seeing it"),
        Notification(request),
    ];

    private static FailureScenario DbSchema(ReleaseRequest request, ClassifiedManifest manifest)
    {
        var database = request.Preflight.Dependencies.Databases.FirstOrDefault(candidate => candidate.Migration is not null);
        var file = manifest.Files.FirstOrDefault(candidate => candidate.Kind == ChangeKind.Migration);
        var reason = database is not null ? $"the database {database.Name} {MigrationRisk.Of(database.Migration!).Reason}"
            : file is not null ? file.Reason
            : request.Release.ChangeType == ChangeType.DataMigration ? "the change type is data_migration"
            : null;
        return new("db_schema", FailureKind.DbSchema, reason is not null, reason ?? "nothing is migrated", FailureSeverity.High, "code meets a schema that it does not fit, and its requests fail");
    }

    private static FailureScenario DataCorruption(ReleaseRequest request)
    {
        var risk = RiskScales.DataRiskOf(request);
        return new(
            "data_corruption", FailureKind.DataCorruption, risk != DataRisk.None,
            risk == DataRisk.None ? "nothing is migrated and no file is known to write data" : $"data risk {risk.ToString().ToLowerInvariant()}: data is written or migrated",
            FailureSeverity.Critical, "a write fails half way, and users' data is wrong or incomplete");
    }

    private static FailureScenario Running(FailureKind kind, string id, ChangeRisk category, string effect) => category == ChangeRisk.Zero
        ? new(id, kind, false, "only tests, documents and flags that are off change", FailureSeverity.High, effect)
        : new(id, kind, true, "changed code runs for users", FailureSeverity.High, effect);

    private static IEnumerable<FailureScenario> Services(ReleaseRequest request)
    {
        foreach (var service in request.Preflight.Dependencies.Services)
        {
            yield return new(
                $"dependency: {service.Name}", FailureKind.Dependency, true, $"the release calls {service.Name}{(service.Critical ? "" : ", which it can do without")}",
                service.Critical ? FailureSeverity.High : FailureSeverity.Moderate,
                service.Critical ? $"what needs {service.Name} fails or stays unfinished" : $"what {service.Name} does comes late");
        }

        if (request.Preflight.Dependencies.Services.Count == 0)
            yield return new("dependency", FailureKind.Dependency, false, "no service is named that the release calls", FailureSeverity.High, "what needs the service fails");
    }

    private static IEnumerable<FailureScenario> ExternalApis(ReleaseRequest request)
    {
        foreach (var api in request.Preflight.Dependencies.ExternalApis)
        {
            yield return new(
                $"external_api: {api.Name}", FailureKind.ExternalApi, true, $"the release calls {api.Name}, {(api.Fallback ? "with" : "without")} a fallback",
                api.Fallback ? FailureSeverity.Moderate : FailureSeverity.High,
                api.Fallback ? $"the fallback answers instead of {api.Name}" : $"a timeout of {api.Name} leaves what users began unfinished");
        }

        if (request.Preflight.Dependencies.ExternalApis.Count == 0)
            yield return new("external_api", FailureKind.ExternalApi, false, "no external API is named that the release calls", FailureSeverity.High, "what needs the API fails");
    }

    private static FailureScenario PartialDeployment(ReleaseRequest request)
    {
        var regions = request.Environments.Sum(environment => environment.Regions.Count);
        var reason = request.Deploy is not null ? "the deploy hook can stop half way"
            : request.Flags.Count > 1 ? $"{request.Flags.Count} flags move one after the other"
            : regions > 1 ? $"{regions} regions follow one after the other"
            : null;
        return new(
            "partial_deployment", FailureKind.PartialDeployment, reason is not null, reason ?? "one flag in one place is written, and read back",
            FailureSeverity.High, "users meet both versions at once, also where they must not");
    }

    private static FailureScenario Security(ClassifiedManifest manifest)
    {
        var file = manifest.Files.FirstOrDefault(candidate => candidate.Kind is ChangeKind.Security or ChangeKind.Authentication or ChangeKind.Payment);
        var reason = file?.Reason ?? (manifest.Files.Count == 0 ? "no manifest says that nothing security-critical changes" : null);
        return new(
            "security", FailureKind.Security, reason is not null, reason ?? "no changed file is known to be security-critical",
            FailureSeverity.Critical, "somebody can do or see what they must not");
    }

    private static FailureScenario Configuration(ReleaseRequest request, ClassifiedManifest manifest)
    {
        var file = manifest.Files.FirstOrDefault(candidate => candidate.Kind == ChangeKind.Configuration);
        var reason = file?.Reason
            ?? (request.Release.ChangeType == ChangeType.Configuration ? "the change type is configuration"
            : request.Rollback is { Configuration: { Count: > 0 } keys } ? $"the configuration keys {string.Join(", ", keys)} belong to the release"
            : null);
        return new(
            "configuration", FailureKind.Configuration, reason is not null, reason ?? "no configuration is known to change",
            FailureSeverity.High, "a wrong value takes effect for everybody at once");
    }

    private static FailureScenario Notification(ReleaseRequest request)
    {
        var told = request.Communications.Stakeholders.Count + request.Communications.Webhooks.Count;
        return new(
            "notification", FailureKind.Notification, told > 0, told > 0 ? "people are told by mail or webhook, which can be down" : "nobody is to be told",
            FailureSeverity.Moderate, "people learn late where the release stands");
    }
}
