using Slipway.Core.Documents.Commands;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Documents;

public class CommandCatalogueTests
{
    private static readonly string[] Kinds = ["kubernetes", "azure_functions", "app_service", "container_apps", "vms", "serverless", "containers", "databases", "edge", "other", ""];

    private static readonly TargetSpec Target = new() { Name = "search", ResourceGroup = "rg-search", Namespace = "prod", Parent = "parent-1", Slot = "next", Hosts = ["vm-1", "vm-2"] };

    private static PlatformCommands Of(string kind, TargetSpec? target, DeliverySpec? delivery = null)
    {
        var environment = new EnvironmentSpec { Name = EnvironmentName.Prod, Infrastructure = kind, Target = target };
        var request = SampleRequests.Request() with
        {
            Environments = [environment],
            Delivery = delivery,
            Artifacts = new ArtifactSpec { Image = "registry/search:2.4.0" },
            Rollback = new RollbackSpec { Code = new CodeRollbackSpec(new Uri("https://deploy.example.com/"), "2.3.7") },
        };
        return CommandCatalogue.Of(request with { Release = request.Release with { Version = "2.4.0" } }, environment);
    }

    public static TheoryData<string> All => [.. Kinds];

    [Theory]
    [MemberData(nameof(All))]
    [Trait("requirement", "S001-44")]
    public void Of_EverythingStated_EachStepHasOneCommandOnOneLine(string kind)
    {
        var delivery = new DeliverySpec { Commands = new CommandSpec("make", "make test", "make deploy", "make down"), Backups = new BackupSpec { Restore = "make restore" } };
        Assert.All(Of(kind, Target, delivery).All, step =>
        {
            Assert.NotNull(step.Command);
            Assert.Null(step.Question);
            Assert.DoesNotContain('\n', step.Command);
            Assert.True(char.IsUpper(step.Action[0]) && step.Expected.Length > 0 && step.OnFailure.Length > 0, step.Action);
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("requirement", "S001-05")]
    [Trait("requirement", "S004-95")]
    public void Of_NothingStated_EachStepHasACommandOrTheQuestionForIt(string kind)
    {
        var steps = Of(kind, null).All;
        Assert.All(steps, step => Assert.True((step.Command is null) != (step.Question is null), step.Action));
        Assert.All(steps.Select(step => step.Command).OfType<string>(), command => Assert.DoesNotContain('<', command));
        Assert.Contains(steps, step => step.Question is { } question && question.Contains("State ", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("requirement", "S000-10")]
    [Trait("requirement", "S001-84")]
    public void Of_AnotherInfrastructure_HasOtherCommands()
    {
        string[] kinds = ["kubernetes", "azure_functions", "container_apps", "vms", "edge"];
        var restarts = kinds.Select(kind => Of(kind, Target).Restart.Command).ToList();
        Assert.Equal(kinds.Length, restarts.Distinct().Count());
        Assert.Contains("afd endpoint purge", Of("edge", Target).Restart.Command, StringComparison.Ordinal);
        Assert.Equal("Azure Functions", Of("serverless", Target).Platform);
        Assert.Equal("Container Apps", Of("containers", Target).Platform);
    }

    [Fact]
    public void Of_ContainerApps_GoesBackToTheTagOfThePreviousVersion() =>
        Assert.EndsWith("--image registry/search:2.3.7", Of("container_apps", Target).Revert.Command, StringComparison.Ordinal);

    [Theory]
    [InlineData("search", "search")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("$(id)", "'$(id)'")]
    [InlineData("a\nb; rm", "'ab; rm'")]
    [InlineData("", "''")]
    public void Quote_AnyWord_IsOneWord(string word, string expected) => Assert.Equal(expected, ShellText.Quote(word));
}
