using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Risk;

/// <summary>Sorts the file change manifest by risk; pure. Kinds come from <see cref="FileKind"/>, their risk from <see cref="ChangeKinds"/>.</summary>
public static class ManifestClassifier
{
    /// <summary>Classifies every file.</summary>
    public static ClassifiedManifest Classify(ReleaseRequest request)
    {
        var migrations = request.Preflight.Dependencies.Databases.Select(database => database.Migration).OfType<MigrationSpec>().ToList();
        var flag = request.Flags.FirstOrDefault(spec => spec is { Type: FlagType.Release, KillSwitch: true })?.Name;
        return new ClassifiedManifest([.. request.Changes.Files.Select(file => Classify(file, flag, migrations))]);
    }

    private static ClassifiedFile Classify(FileChange file, string? flag, List<MigrationSpec> migrations)
    {
        var kind = FileKind.Of(file);
        var rule = ChangeKinds.Of(kind);
        var active = kind == ChangeKind.Migration ? Of(file, migrations) : FileKind.Risk(kind, file.Action);
        var behind = rule.Holdable && flag is not null && file.BehindFlag != false;
        var used = kind is ChangeKind.Types or ChangeKind.Utility or ChangeKind.Source
            ? file.Action == FileAction.New ? ", new and not used yet" : ", already in use"
            : "";
        return new ClassifiedFile(
            file, kind, behind, behind ? ChangeRisk.Zero : active, active, $"{file.Path} {rule.What}{used}{(behind ? $", off behind {flag}" : "")}");
    }

    /// <summary>The migration that the file's name names; else the riskiest there is; high where none is stated, as then no way back is.</summary>
    private static ChangeRisk Of(FileChange file, List<MigrationSpec> migrations)
    {
        var named = migrations.Where(migration => migration.Up.Length > 0 && file.Path.Contains(migration.Up, StringComparison.OrdinalIgnoreCase)).ToList();
        var candidates = named.Count > 0 ? named : migrations;
        return candidates.Count == 0 ? ChangeRisk.High : candidates.Max(migration => MigrationRisk.Of(migration).Risk);
    }
}
