using Slipway.Core.Documents.Changelog;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Documents;

public class ReleaseChangesTests
{
    [Theory]
    [InlineData("feat: streaming", "feat", "", "streaming", null)]
    [InlineData("feat(index): streaming", "feat", "index", "streaming", null)]
    [InlineData("FEAT(index)!: streaming", "feat", "index", "streaming", "streaming")]
    [InlineData("fix: late rows\n\nBREAKING CHANGE: the export is gone", "fix", "", "late rows", "the export is gone")]
    [InlineData("refactor: parser\n\nBREAKING-CHANGE: keys are lower case", "refactor", "", "parser", "keys are lower case")]
    public void Parse_ConventionalCommit_IsRead(string message, string type, string scope, string description, string? breaking)
    {
        var commit = ConventionalCommit.Parse(message)!;
        Assert.Equal((type, scope, description, breaking), (commit.Type, commit.Scope, commit.Description, commit.Breaking));
    }

    [Theory]
    [InlineData("streaming indexer")]
    [InlineData("feat : space")]
    [InlineData("feat:no space")]
    [InlineData("feat: ")]
    [InlineData("feat(): empty scope")]
    [InlineData("")]
    public void Parse_AnythingElse_IsNone(string message) => Assert.Null(ConventionalCommit.Parse(message));

    [Theory]
    [Trait("requirement", "S003-62")]
    [InlineData(VersionBump.None, "docs: a page", "chore: tidy")]
    [InlineData(VersionBump.Patch, "fix: late rows")]
    [InlineData(VersionBump.Minor, "fix: late rows", "feat: streaming")]
    [InlineData(VersionBump.Major, "feat!: streaming")]
    [InlineData(VersionBump.Major, "fix: rows\n\nBREAKING CHANGE: keys")]
    public void Bump_FollowsTheCommits(VersionBump bump, params string[] commits) => Assert.Equal(bump, ReleaseChanges.Of(new ChangeSpec { Commits = commits }).Bump);

    [Fact]
    [Trait("requirement", "S002-118")]
    [Trait("requirement", "S002-119")]
    [Trait("requirement", "S002-120")]
    [Trait("requirement", "S002-121")]
    public void Of_ListsAndCommits_AreJoinedAndNothingStandsTwice()
    {
        var changes = ReleaseChanges.Of(new ChangeSpec
        {
            Features = ["Streaming"],
            Deprecations = ["GET /v1"],
            Commits = ["feat: streaming", "feat(api): paging", "fix: rows\n\nDEPRECATED: old export", "feat!: drop v0", "no convention"],
        });
        Assert.Equal(["Streaming", "api: paging", "drop v0"], changes.Features);
        Assert.Equal(["rows"], changes.Fixes);
        Assert.Equal(["drop v0"], changes.Breaking);
        Assert.Equal(["GET /v1", "old export"], changes.Deprecations);
        Assert.Equal(["no convention"], changes.Unread);
    }
}
