using Slipway.Core.Documents.Commands;

using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Rollback;

/// <summary>
/// The steps of the three compensation levels, and what comes with each: caches and migrations. One list a level, from which the rollback
/// strategy, the rollout plan and the phased plan are written, in the order in which the workflow goes: flags and traffic, configuration, code.
/// </summary>
public sealed class RollbackProcedures
{
    private readonly ReleaseDossier _dossier;

    private RollbackProcedures(ReleaseDossier dossier) => _dossier = dossier;

    /// <summary>The procedures of a release.</summary>
    public static RollbackProcedures Of(ReleaseDossier dossier) => new(dossier);

    /// <summary>What level 1 turns: the flags where there are any, else the deploy hook's traffic.</summary>
    public bool ByFlag => _dossier.Plan.Flags.Count > 0;

    /// <summary>The name of a level.</summary>
    public string Name(int level) => level switch
    {
        1 => ByFlag ? "Feature Flag" : "Traffic Swap",
        2 => "Configuration Rollback",
        _ => "Code Rollback",
    };

    /// <summary>The labelled steps of a level.</summary>
    public IReadOnlyList<(string Label, ProcedureStep Step)> Steps(int level) => level switch
    {
        1 => [("Disable", Disable), ("Restart", RestartIfNeeded), ("Verify", Verify), ("Monitor", Monitor(TimeSpan.FromMinutes(5)))],
        2 => [("Revert config", RevertConfiguration), ("Restart", _dossier.Platform.Restart), ("Verify", Verify), ("Test", TestEndpoint), ("Monitor", Monitor(TimeSpan.FromMinutes(10)))],
        _ => [("Identify commit", Identify), ("Revert", RevertCommit), ("Run tests", RunTests), ("Build", Build), ("Deploy", Deploy), ("Verify", VerifyVersion), ("Monitor", Monitor(TimeSpan.FromHours(1)))],
    };

    /// <summary>The steps that undo the migrations; empty where nothing is migrated.</summary>
    public IReadOnlyList<ProcedureStep> Migrations => [.. _dossier.Request.Preflight.Dependencies.Databases.Where(database => database.Migration is not null).SelectMany(Undo)];

    /// <summary>One step a cache that is stated.</summary>
    public IReadOnlyList<ProcedureStep> Caches => [.. (_dossier.Request.Rollback?.Caches ?? []).Select(Purge)];

    private string Flags => string.Join(", ", _dossier.Plan.Flags.Select(flag => flag.Key.ToString()));

    private ProcedureStep Disable => new()
    {
        Action = ByFlag ? $"Turn off {Flags}" : "Take all traffic back to the old version",
        Command = _dossier.RollbackCommand,
        Expected = ByFlag ? $"{Flags} off, read back from the store, and every user on the old version" : "every user on the old version",
        OnFailure = "Run it again; where no server answers, on one machine with --direct, on Azure turn it off in App Configuration; then go on to level 2",
        Takes = (Math.Max(1, _dossier.Plan.Flags.Count) * LevelEstimates.Write) + _dossier.Plan.Watch.Propagation,
    };

    private ProcedureStep RestartIfNeeded => _dossier.Platform.Restart with
    {
        Action = $"Restart only if applications do not see the change within {DurationText.Format(_dossier.Plan.Watch.Propagation)}: {Lower(_dossier.Platform.Restart.Action)}",
        Takes = TimeSpan.Zero,
    };

    private ProcedureStep Verify => new()
    {
        Action = "Read what the release says",
        Command = $"slipway show {_dossier.Plan.ReleaseId.Value}",
        Expected = "rolled back, 0 % exposed, smoke checks passed",
        OnFailure = "Go on to the next level",
        Takes = LevelEstimates.Check,
    };

    private ProcedureStep TestEndpoint
    {
        get
        {
            var smoke = _dossier.Request.Preflight.Smoke.FirstOrDefault(check => check.CriticalPath) ?? _dossier.Request.Preflight.Smoke.FirstOrDefault();
            return new ProcedureStep
            {
                Action = smoke is null ? "Test the critical flow" : $"Test {smoke.Name}",
                Command = smoke is null ? null : $"curl -fsS -o /dev/null -w '%{{http_code}} %{{time_total}}\\n' {ShellText.Quote(ShownUrl.Of(smoke.Url))}",
                Question = smoke is null ? "Which URL shows that the service works? State preflight.smoke" : null,
                Expected = smoke is null ? "the answer of the old version" : $"{smoke.ExpectStatus} within {DurationText.Format(smoke.Within)}",
                OnFailure = "Go on to level 3",
            };
        }
    }

    private ProcedureStep RevertConfiguration
    {
        get
        {
            var keys = _dossier.Request.Rollback?.Configuration ?? [];
            return new ProcedureStep
            {
                Action = keys.Count > 0 ? $"Restore {string.Join(", ", keys)} to the values captured before the release" : "Restore the configuration",
                Command = keys.Count > 0 ? _dossier.RollbackCommand : null,
                Question = keys.Count > 0 ? null : "Which configuration keys does the release change? State rollback.configuration, or leave level 2 out on purpose",
                Expected = keys.Count > 0 ? "every key as captured, read back from the store" : "the configuration of the version before",
                OnFailure = "Go on to level 3",
                Takes = Math.Max(1, keys.Count) * LevelEstimates.Write,
            };
        }
    }

    private ProcedureStep Identify => WithCommit("Read the commit of the release", "the commit that the release was built from", commit => $"git log --oneline -1 {commit}");

    private ProcedureStep RevertCommit => WithCommit("Revert it", "a new commit without conflicts", commit => $"git revert --no-edit {commit}");

    private ProcedureStep RunTests => Own("Run all tests", _dossier.Request.Delivery?.Commands.Test, "delivery.commands.test", "all tests pass; else nothing is deployed");

    private ProcedureStep Build => Own("Build it", _dossier.Request.Delivery?.Commands.Build, "delivery.commands.build", "the build ends without an error");

    /// <summary>The workflow's own level 3 is the hook; by hand it is the platform's way.</summary>
    private ProcedureStep Deploy => _dossier.Request.Rollback?.Code is { } code
        ? new ProcedureStep
        {
            Action = $"Deploy {code.PreviousVersion} by the code hook, which Slipway calls by itself at level 3",
            Command = _dossier.RollbackCommand,
            Expected = $"the pipeline says that {code.PreviousVersion} runs",
            OnFailure = $"{_dossier.Platform.Revert.Action}{(_dossier.Platform.Revert.Command is { } command ? $": {command}" : "")}",
            Takes = LevelEstimates.Redeploy,
        }
        : _dossier.Platform.Revert with { Takes = LevelEstimates.Redeploy };

    private ProcedureStep VerifyVersion => _dossier.Platform.Version with
    {
        Expected = _dossier.PreviousVersion.Length > 0 ? $"version {_dossier.PreviousVersion}, not {_dossier.Request.Release.Version}" : "not the version of this release",
    };

    private ProcedureStep Monitor(TimeSpan span) => new()
    {
        Action = $"Watch the dashboard for {DurationText.Format(span)}: {_dossier.DashboardOf(MetricNames.ErrorRate).Url}",
        Expected = "error rate and latency as before the release",
        OnFailure = "Go on to the next level, or call the emergency contact",
        Takes = TimeSpan.Zero,
    };

    private IEnumerable<ProcedureStep> Undo(DatabaseDependency database)
    {
        var migration = database.Migration!;
        if (migration.Down.Length == 0)
        {
            var restore = _dossier.Request.Delivery?.Backups?.Restore ?? "";
            return
            [
                new ProcedureStep
                {
                    Action = $"Restore {database.Name}: {migration.Up} has no DOWN script",
                    Command = restore.Length > 0 ? restore : null,
                    Question = restore.Length > 0 ? null : $"How is {database.Name} restored? State delivery.backups.restore, or preflight.dependencies.databases.migration.down",
                    Expected = "the restored database answers; writes since the backup are lost and named in the incident report",
                    OnFailure = "Call the database's emergency contact",
                    Takes = LevelEstimates.Redeploy,
                },
            ];
        }

        var command = _dossier.Request.Delivery?.Commands.MigrateDown ?? "";
        return
        [
            new ProcedureStep
            {
                Action = $"Undo {migration.Up} in {database.Name} by {migration.Down}",
                Command = command.Length > 0 ? command : null,
                Question = command.Length > 0 ? null : "Which command undoes a migration? State delivery.commands.migrate_down",
                Expected = $"{migration.Down} ran without an error, and the schema is as before {migration.Up}",
                OnFailure = "Stop and call the database's emergency contact",
            },
            new ProcedureStep
            {
                Action = $"Verify that {database.Name} is as before",
                Command = $"slipway show {_dossier.Plan.ReleaseId.Value}",
                Expected = $"nothing of {migration.Up} is left, and the smoke checks pass",
                OnFailure = "Restore from the backup",
            },
        ];
    }

    private ProcedureStep Purge(CacheSpec cache)
    {
        var target = _dossier.Environment?.Target ?? new TargetSpec();
        var command = cache.Kind switch
        {
            CacheKind.Cdn when target is { ResourceGroup.Length: > 0, Parent.Length: > 0, Name.Length: > 0 } =>
                $"az afd endpoint purge -g {ShellText.Quote(target.ResourceGroup)} --profile-name {ShellText.Quote(target.Parent)} --endpoint-name {ShellText.Quote(target.Name)} --content-paths {ShellText.Quote(cache.Target.Length > 0 ? cache.Target : "/*")}",
            CacheKind.Redis when cache.Target.Length > 0 =>
                $"redis-cli -h {ShellText.Quote(cache.Name)} --scan --pattern {ShellText.Quote(cache.Target)} | xargs -r redis-cli -h {ShellText.Quote(cache.Name)} UNLINK",
            CacheKind.Application => _dossier.Platform.Restart.Command,
            _ => null,
        };
        return new ProcedureStep
        {
            Action = $"Empty the cache {cache.Name}",
            Command = command,
            Question = command is null
                ? cache.Kind == CacheKind.Redis ? $"Which keys of {cache.Name} does the release fill? State its target in rollback.caches" : $"How is {cache.Name} emptied? State environments.target with name, resource_group and parent"
                : null,
            Expected = "the next answer is made anew",
            OnFailure = "Wait for the cache's own lifetime and tell the incident channel",
        };
    }

    private ProcedureStep WithCommit(string action, string expected, Func<string, string> command)
    {
        var commit = _dossier.Request.Artifacts?.Commit ?? "";
        return new ProcedureStep
        {
            Action = action,
            Command = commit.Length > 0 ? command(ShellText.Quote(commit)) : null,
            Question = commit.Length > 0 ? null : "From which commit was it built? State artifacts.commit",
            Expected = expected,
            OnFailure = "Deploy the previous version instead, which needs no revert",
            Takes = TimeSpan.FromSeconds(30),
        };
    }

    private static ProcedureStep Own(string action, string? command, string path, string expected) => new()
    {
        Action = action,
        Command = command is { Length: > 0 } ? command : null,
        Question = command is { Length: > 0 } ? null : $"Which command is it? State {path}",
        Expected = expected,
        OnFailure = "Deploy nothing: escalate, and deploy the previous version that was tested before",
        Takes = TimeSpan.FromMinutes(2),
    };

    private static string Lower(string text) => text.Length > 1 ? char.ToLowerInvariant(text[0]) + text[1..] : text;
}
