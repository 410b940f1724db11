using Slipway.Core.Planning.Risk;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Planning.Risk;

public sealed class ManifestClassifierTests
{
    private const FileAction New = FileAction.New;
    private const FileAction Modified = FileAction.Modified;
    private const FileAction Deleted = FileAction.Deleted;

    /// <summary>The example of the seed, without a flag: what each file is once it is active.</summary>
    [Theory]
    [Trait("requirement", "S004-62")]
    [Trait("requirement", "S004-68")]
    [Trait("requirement", "S004-69")]
    [Trait("requirement", "S004-70")]
    [Trait("requirement", "S004-71")]
    [InlineData("tests/auth.test.js", New, "", ChangeKind.Test, ChangeRisk.Zero)]
    [InlineData("src/Shop.Tests/CartTests.cs", Modified, "", ChangeKind.Test, ChangeRisk.Zero)]
    [InlineData("src/cart_test.go", Deleted, "", ChangeKind.Test, ChangeRisk.Zero)]
    [InlineData("docs/AUTH.md", New, "", ChangeKind.Documentation, ChangeRisk.Zero)]
    [InlineData("docs/flow.svg", Modified, "", ChangeKind.Documentation, ChangeRisk.Zero)]
    [InlineData("src/any.cs", Modified, "docs", ChangeKind.Documentation, ChangeRisk.Zero)]
    [InlineData("ops/flags.json", Modified, "flag", ChangeKind.Configuration, ChangeRisk.Medium)]
    [InlineData("ops/new-search", New, "flag", ChangeKind.FeatureFlag, ChangeRisk.Zero)]
    [InlineData("src/utils/jwt.js", New, "", ChangeKind.Utility, ChangeRisk.Low)]
    [InlineData("src/utils/jwt.js", Modified, "", ChangeKind.Utility, ChangeRisk.Medium)]
    [InlineData("src/types/auth.ts", New, "", ChangeKind.Types, ChangeRisk.Low)]
    [InlineData("src/types/auth.ts", Deleted, "", ChangeKind.Types, ChangeRisk.Medium)]
    [InlineData("src/Cart.cs", New, "", ChangeKind.Source, ChangeRisk.Low)]
    [InlineData("src/Cart.cs", Modified, "", ChangeKind.Source, ChangeRisk.Medium)]
    [InlineData("src/Cart.cs", Modified, "read_only", ChangeKind.ReadOnly, ChangeRisk.Low)]
    [InlineData("src/Cart.cs", Modified, "read-only", ChangeKind.ReadOnly, ChangeRisk.Low)]
    [InlineData("src/ui/Cart.tsx", Modified, "", ChangeKind.Presentation, ChangeRisk.Low)]
    [InlineData("src/middleware/auth.js", New, "", ChangeKind.Middleware, ChangeRisk.Medium)]
    [InlineData("src/routes/auth.js", Modified, "", ChangeKind.Api, ChangeRisk.Medium)]
    [InlineData("src/CartController.cs", Modified, "", ChangeKind.Api, ChangeRisk.Medium)]
    [InlineData("migrations/002_add_refresh_tokens.sql", New, "", ChangeKind.Migration, ChangeRisk.High)]
    [InlineData("appsettings.json", Modified, "", ChangeKind.Configuration, ChangeRisk.Medium)]
    [InlineData("package.json", Modified, "", ChangeKind.Dependency, ChangeRisk.Medium)]
    [InlineData("requirements.txt", Modified, "", ChangeKind.Dependency, ChangeRisk.Medium)]
    [InlineData("Dockerfile", Modified, "", ChangeKind.Infrastructure, ChangeRisk.Medium)]
    [InlineData("src/auth/session.js", Modified, "", ChangeKind.Authentication, ChangeRisk.High)]
    [InlineData("src/AuthService.cs", New, "", ChangeKind.Authentication, ChangeRisk.High)]
    [InlineData("src/Shop.Payments/Charge.cs", Modified, "", ChangeKind.Payment, ChangeRisk.High)]
    [InlineData("src/crypto/keys.go", Modified, "", ChangeKind.Security, ChangeRisk.High)]
    [InlineData("src/Cart.cs", New, "data_write", ChangeKind.DataWrite, ChangeRisk.High)]
    [InlineData("src/Refresh.cs", Modified, "all_users", ChangeKind.AllUsers, ChangeRisk.High)]
    [InlineData("src/payments/view.cs", Modified, "ui", ChangeKind.Payment, ChangeRisk.High)]
    [InlineData("tests/payments/charge.cs", Modified, "", ChangeKind.Test, ChangeRisk.Zero)]
    [InlineData("tests/payments/charge.cs", Modified, "payment", ChangeKind.Payment, ChangeRisk.High)]
    [InlineData("src/ab-test/assign.js", Modified, "", ChangeKind.Source, ChangeRisk.Medium)]
    [InlineData("src/Cart.cs", Modified, "something else", ChangeKind.Source, ChangeRisk.Medium)]
    public void Each_kind_of_file_has_its_category_once_it_is_active(string path, FileAction action, string area, ChangeKind kind, ChangeRisk risk)
    {
        var file = Assert.Single(Classify(WithFiles(new FileChange(path, action, area)) with { Flags = [] }).Files);

        Assert.Equal((kind, risk, risk, false), (file.Kind, file.Activated, file.Deployed, file.BehindFlag));
        Assert.StartsWith(path, file.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("requirement", "X30")]
    [Trait("requirement", "S004-68")]
    [InlineData("src/middleware/auth.js", true, ChangeRisk.Zero, ChangeRisk.Medium)]
    [InlineData("src/middleware/auth.js", null, ChangeRisk.Zero, ChangeRisk.Medium)]
    [InlineData("src/middleware/auth.js", false, ChangeRisk.Medium, ChangeRisk.Medium)]
    [InlineData("src/payments/charge.cs", null, ChangeRisk.Zero, ChangeRisk.High)]
    [InlineData("src/Cart.cs", null, ChangeRisk.Zero, ChangeRisk.Medium)]
    [InlineData("tests/a.test.js", null, ChangeRisk.Zero, ChangeRisk.Zero)]
    [InlineData("appsettings.json", true, ChangeRisk.Medium, ChangeRisk.Medium)]
    [InlineData("migrations/1.sql", true, ChangeRisk.High, ChangeRisk.High)]
    public void A_file_behind_a_flag_is_zero_while_it_is_off_and_of_its_kind_when_it_is_on(string path, bool? behind, ChangeRisk off, ChangeRisk on)
    {
        var manifest = Classify(WithFiles(new FileChange(path, Modified, "") { BehindFlag = behind }));

        Assert.Equal((off, on), (manifest.Highest(FlagActivation.Off), manifest.Highest(FlagActivation.On)));
    }

    [Theory]
    [InlineData(FlagType.Release, true, ChangeRisk.Zero)]
    [InlineData(FlagType.Release, false, ChangeRisk.Medium)]
    [InlineData(FlagType.Release, null, ChangeRisk.Medium)]
    [InlineData(FlagType.Operational, true, ChangeRisk.Medium)]
    public void Only_a_release_flag_with_a_kill_switch_holds_code_back(FlagType type, bool? kill, ChangeRisk off)
    {
        var request = WithFiles(new FileChange("src/Cart.cs", Modified, "")) with { Flags = [new FlagSpec { Name = "f", Type = type, KillSwitch = kill }] };

        Assert.Equal(off, Assert.Single(Classify(request).Files).Deployed);
    }

    [Theory]
    [InlineData("20261101_add", true, ChangeRisk.Medium)]
    [InlineData("20261101_add", false, ChangeRisk.High)]
    public void A_migration_file_is_as_risky_as_the_migration_that_it_names(string up, bool safe, ChangeRisk expected)
    {
        var request = WithFiles(new FileChange("db/migrations/20261101_add.sql", New, ""));
        request = request with { Preflight = new PreflightSpec { Dependencies = new DependencySpec { Databases = [Database("a", up, safe), Database("b", "other_drop", false)] } } };

        Assert.Equal(expected, Assert.Single(Classify(request).Files).Activated);

        static DatabaseDependency Database(string name, string up, bool safe) => new() { Name = name, Migration = new MigrationSpec(up, "back", safe) };
    }

    [Theory]
    [Trait("requirement", "S004-98")]
    [InlineData(FlagActivation.Off)]
    [InlineData(FlagActivation.On)]
    public void Every_file_is_in_exactly_one_of_the_four_groups_and_the_empty_ones_are_there(FlagActivation activation)
    {
        var request = WithFiles([.. Everything()]);

        var groups = Classify(request).Groups(activation);
        Assert.Equal([ChangeRisk.Zero, ChangeRisk.Low, ChangeRisk.Medium, ChangeRisk.High], groups.Select(group => group.Risk));
        Assert.Equal(
            request.Changes.Files.Order(Comparer<FileChange>.Create((a, b) => string.CompareOrdinal(a.Path, b.Path))),
            groups.SelectMany(group => group.Files).Select(file => file.File).Order(Comparer<FileChange>.Create((a, b) => string.CompareOrdinal(a.Path, b.Path))));
        Assert.Equal(4, Classify(WithFiles()).Groups(activation).Count(group => group.Files.Count == 0));
    }

    [Fact]
    [Trait("requirement", "S004-57")]
    [Trait("requirement", "S004-126")]
    public void A_code_rollback_deletes_new_files_restores_the_others_and_reverts_migrations()
    {
        var request = WithFiles(
            new FileChange("src/middleware/auth.js", New, ""), new FileChange("src/utils/jwt.js", New, ""), new FileChange("src/types/auth.ts", New, ""),
            new FileChange("src/auth/session.js", Modified, ""), new FileChange("src/auth/old.js", Deleted, ""),
            new FileChange("migrations/001.sql", New, ""), new FileChange("migrations/002_add_refresh_tokens.sql", New, "")) with
        {
            Rollback = new RollbackSpec { Code = new CodeRollbackSpec(new Uri("http://localhost/back"), "2.3.7") },
        };

        var lists = CodeRollbackFiles.Of(request);
        Assert.Equal(["src/middleware/auth.js", "src/utils/jwt.js", "src/types/auth.ts"], lists.Delete.Select(file => file.Path));
        Assert.Equal(["src/auth/session.js", "src/auth/old.js"], lists.Restore.Select(file => file.Path));
        Assert.Equal(["migrations/002_add_refresh_tokens.sql", "migrations/001.sql"], lists.Revert.Select(file => file.Path));
        Assert.Equal("2.3.7", lists.PreviousVersion);
        Assert.Equal(request.Changes.Files.ToHashSet(), [.. lists.Delete, .. lists.Restore, .. lists.Revert]);
    }

    [Fact]
    public void The_table_has_every_kind_once_and_nothing_is_less_risky_when_it_was_there_before()
    {
        Assert.Equal(Enum.GetValues<ChangeKind>(), ChangeKinds.All.Select(rule => rule.Kind));
        Assert.All(ChangeKinds.All, rule => Assert.True(rule.WhenChanged >= rule.WhenNew));
        var words = ChangeKinds.All.SelectMany(rule => rule.Words).ToList();
        Assert.Equal(words.Distinct(), words);
    }

    private static IEnumerable<FileChange> Everything() =>
        ChangeKinds.All.SelectMany(rule => Enum.GetValues<FileAction>().Select(action => new FileChange($"{rule.Kind}-{action}", action, rule.Words[0])));

    private static ClassifiedManifest Classify(ReleaseRequest request) => ManifestClassifier.Classify(request);

    private static ReleaseRequest WithFiles(params FileChange[] files) => Given.Request(Given.Small) with { Changes = new ChangeSpec { Files = files } };
}
