using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Changelog;

/// <summary>How much a version has to grow for its changes, after Semantic Versioning 2.0.0.</summary>
public enum VersionBump
{
    /// <summary>Nothing that users see.</summary>
    None,

    /// <summary>Fixes.</summary>
    Patch,

    /// <summary>Features.</summary>
    Minor,

    /// <summary>Something breaks.</summary>
    Major,
}

/// <summary>What a release changes for users: what its request lists, and what its commits say. Nothing stands twice.</summary>
/// <param name="Features">New features.</param>
/// <param name="Fixes">Fixes.</param>
/// <param name="Breaking">What breaks.</param>
/// <param name="Deprecations">What is deprecated.</param>
/// <param name="Unread">Commit messages that are not Conventional Commits, by their first line.</param>
public sealed record ReleaseChanges(
    IReadOnlyList<string> Features, IReadOnlyList<string> Fixes, IReadOnlyList<string> Breaking, IReadOnlyList<string> Deprecations, IReadOnlyList<string> Unread)
{
    /// <summary>What the changes ask of the version.</summary>
    public VersionBump Bump => Breaking.Count > 0 ? VersionBump.Major : Features.Count > 0 ? VersionBump.Minor : Fixes.Count > 0 ? VersionBump.Patch : VersionBump.None;

    /// <summary>The changes of a request.</summary>
    public static ReleaseChanges Of(ChangeSpec changes)
    {
        var read = changes.Commits.Select(message => (Message: message, Commit: ConventionalCommit.Parse(message))).ToList();
        var commits = read.Select(pair => pair.Commit).OfType<ConventionalCommit>().ToList();
        return new ReleaseChanges(
            Joined(changes.Features, commits.Where(commit => commit.Type == "feat").Select(Text)),
            Joined(changes.Fixes, commits.Where(commit => commit.Type == "fix").Select(Text)),
            Joined(changes.BreakingChanges, commits.Select(commit => commit.Breaking).OfType<string>()),
            Joined(changes.Deprecations, commits.Select(commit => commit.Deprecation).OfType<string>()),
            [.. read.Where(pair => pair.Commit is null).Select(pair => pair.Message.ReplaceLineEndings("\n").Split('\n')[0].Trim())]);
    }

    private static string Text(ConventionalCommit commit) => commit.Scope.Length > 0 ? $"{commit.Scope}: {commit.Description}" : commit.Description;

    private static IReadOnlyList<string> Joined(IEnumerable<string> listed, IEnumerable<string> committed) =>
        [.. listed.Concat(committed).Where(text => !string.IsNullOrWhiteSpace(text)).Distinct(StringComparer.OrdinalIgnoreCase)];
}
