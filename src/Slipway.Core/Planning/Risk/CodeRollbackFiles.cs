using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Risk;

/// <summary>What a code rollback does to each file of the manifest; every file is in exactly one list.</summary>
/// <param name="Delete">New files: removed.</param>
/// <param name="Restore">Modified and deleted files: brought back from <paramref name="PreviousVersion"/>.</param>
/// <param name="Revert">Migrations: undone by their way back, the last of the manifest first.</param>
/// <param name="PreviousVersion">The version that is restored; empty when the request names none.</param>
public sealed record CodeRollbackFiles(
    IReadOnlyList<FileChange> Delete, IReadOnlyList<FileChange> Restore, IReadOnlyList<FileChange> Revert, string PreviousVersion)
{
    /// <summary>Of a request; pure.</summary>
    public static CodeRollbackFiles Of(ReleaseRequest request)
    {
        var files = request.Changes.Files.ToLookup(file => FileKind.Of(file) == ChangeKind.Migration);
        return new CodeRollbackFiles(
            [.. files[false].Where(file => file.Action == FileAction.New)],
            [.. files[false].Where(file => file.Action != FileAction.New)],
            [.. files[true].Reverse()],
            request.Rollback?.Code?.PreviousVersion ?? "");
    }
}
