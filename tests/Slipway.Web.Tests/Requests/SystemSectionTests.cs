using Slipway.Core.Requests;
using Slipway.Web.Requests;

namespace Slipway.Web.Tests.Requests;

public sealed class SystemSectionTests
{
    private static RequestReading Read(string yaml) => ReleaseRequestReader.Read(YamlRequestDocument.Parse(yaml));

    [Theory]
    [InlineData("system: {}", null)]
    [InlineData("system: { services: none }", 0)]
    [InlineData("system: { services: [] }", 0)]
    [InlineData("system: { services: [search, indexer] }", 2)]
    public void A_list_that_is_not_there_is_a_question_and_none_is_an_answer(string yaml, int? count) =>
        Assert.Equal(count, Read(yaml).Request!.System!.Services?.Count);

    [Theory]
    [InlineData("rollback: { configuration: [a] }", null)]
    [InlineData("rollback: { caches: none }", 0)]
    [InlineData("rollback: { caches: [{ name: edge, kind: cdn, target: '/*' }] }", 1)]
    public void Caches_can_be_stated_as_none(string yaml, int? count) => Assert.Equal(count, Read(yaml).Request!.Rollback!.Caches?.Count);

    [Theory]
    [InlineData("name: 'a; rm -rf /'")]
    [InlineData("name: '$(whoami)'")]
    [InlineData("name: '-x'")]
    [InlineData("resource_group: 'a b'")]
    [InlineData("hosts: ['`id`']")]
    public void What_a_shell_would_read_otherwise_is_no_name_of_a_resource(string member)
    {
        var problem = Assert.Single(Read($"environments: [{{ name: prod, target: {{ {member} }} }}]").Problems);
        Assert.StartsWith("environments[0].target.", problem.Path, StringComparison.Ordinal);
        Assert.StartsWith("a resource's name of letters", problem.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void The_full_sample_states_the_system_and_its_delivery()
    {
        var request = ReleaseRequestReader.Read(YamlRequestDocument.Parse(Samples.Full)).Request!;

        Assert.Equal(["search", "indexer"], request.System!.Services!);
        Assert.Equal(TimeSpan.Zero, request.System.AllowedDowntime);
        Assert.Equal("dotnet test", request.Delivery!.Commands.Test);
        Assert.Equal(TimeSpan.FromDays(28), request.Delivery.Backups!.Weekly);
        Assert.Equal(CacheKind.Redis, Assert.Single(request.Rollback!.Caches!).Kind);
        Assert.Equal("aks-search-we", request.Environments[1].Target!.Parent);
        Assert.Equal("4f1c2d9", request.Artifacts!.Commit);
        Assert.Equal(new Uri("https://status.example.com"), request.Communications.StatusPage);
    }

    [Theory]
    [InlineData("none", true)]
    [InlineData("None", true)]
    [InlineData("Azure App Configuration", false)]
    [InlineData("''", false)]
    public void No_flag_framework_is_an_answer(string word, bool none) => Assert.Equal(none, Read($"system: {{ flag_framework: {word} }}").Request!.System!.HasNoFlagFramework);
}
