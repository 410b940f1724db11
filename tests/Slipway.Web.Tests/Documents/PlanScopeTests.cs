using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Slipway.Core.Documents;
using Slipway.Core.Requests;

namespace Slipway.Web.Tests.Documents;

/// <summary>What the release and deployment plan is made of, and what it is not.</summary>
public sealed class PlanScopeTests
{
    public static TheoryData<string> Requests => [.. SampleDossiers.Names];

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S003-23")]
    public void Its_one_fence_is_the_pipeline_and_commands_are_references_within_the_text(string name)
    {
        var plan = Plan(SampleDossiers.Of(name));
        var fence = Assert.Single(plan.Tree.Descendants<FencedCodeBlock>());
        Assert.Equal("yaml", fence.Info);
        Assert.Contains(fence, plan.Section(plan.Headings(2)[3]));
        Assert.All(plan.Tree.Descendants<CodeInline>(), code => Assert.DoesNotContain("\n", code.Content, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S003-77")]
    public void Planning_refers_to_infrastructure_and_pipeline_and_writes_neither(string name)
    {
        var dossier = SampleDossiers.Of(name);
        var documents = ReleaseDocuments.Render(dossier);
        Assert.All(documents, document => Assert.True(document.File.EndsWith(".md", StringComparison.Ordinal) || document.File.EndsWith(".txt", StringComparison.Ordinal) || document.Name == DocumentNames.DeploymentManifest, document.File));
        Assert.Equal(documents.Count, documents.Select(document => document.File).Distinct().Count());

        // Each part is a task of its own: where the code lies for each environment, and the pipeline's stages one by one.
        var plan = Plan(dossier);
        Assert.All(dossier.Request.Environments, environment => Assert.Contains($"envs/{EnvironmentSpec.Word(environment.Name)}/", plan.SectionText("2. Infrastructure\u2011as\u2011Code"), StringComparison.Ordinal));
        Assert.Contains("staging deploy \u2192 smoke \u2192 manual prod approval \u2192 prod deploy", plan.SectionText(plan.Headings(2)[3]), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S003-74")]
    public void Edge_protection_is_an_open_question_until_it_is_stated()
    {
        var request = SampleDossiers.Of("authentication").Request;
        var delivery = request.Delivery ?? new DeliverySpec();
        Assert.Contains("edge", Open(request with { Delivery = delivery with { EdgeProtection = "" } }), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("edge", Open(request with { Delivery = delivery with { EdgeProtection = "Azure Front Door" } }), StringComparison.OrdinalIgnoreCase);

        static string Open(ReleaseRequest request) => Plan(SampleDossiers.Of(request)).SectionText("11. Open Questions / Risks");
    }

    private static ParsedDocument Plan(ReleaseDossier dossier) => ParsedDocument.Of(dossier, DocumentNames.ReleaseDeploymentPlan);
}
