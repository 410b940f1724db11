namespace Slipway.Core.Documents.Commands;

/// <summary>A database: the pipeline brings the change, the project's own migration undoes it, a restore is the last way.</summary>
internal static class DatabaseCommands
{
    public static PlatformCommands Of(CommandNames names)
    {
        var down = names.OwnStep("Undo the newest migration", names.Own.MigrateDown, "delivery.commands.migrate_down", "the schema is that of the version before", "Restore from the backup");
        var restore = names.OwnStep("Restore the database from its backup", names.Request.Delivery?.Backups?.Restore ?? "", "delivery.backups.restore", "the restored database answers", "Call the database's emergency contact");
        return PipelineCommands.Of(names) with { Platform = "database", Units = "connections", Revert = down, ScaleDownOld = restore with { Action = "Keep the backup until the last stage has ended; this restores it" } };
    }
}
