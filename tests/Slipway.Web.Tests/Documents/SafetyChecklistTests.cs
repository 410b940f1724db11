using System.Text.RegularExpressions;
using Slipway.Core.Documents;

namespace Slipway.Web.Tests.Documents;

public sealed class SafetyChecklistTests
{
    private static readonly ReleaseDossier Authentication = SampleDossiers.Of("authentication");

    public static TheoryData<string> Requests => [.. SampleDossiers.Names];

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S000-46")]
    [Trait("requirement", "X05")]
    public void It_has_six_items_in_their_order_and_ticks_only_what_has_evidence(string name)
    {
        var items = Items(SampleDossiers.Of(name));
        string[] order = ["DB migrations reversible", "Feature flag default set to OFF", "Rollback completes in <5 minutes", "Monitoring & alert thresholds defined", "Smoke tests for critical flows automated", "Stakeholder communication plan"];
        Assert.Equal(order.Length, items.Count);
        Assert.All(order.Zip(items), pair => Assert.StartsWith(pair.First, pair.Second.Text, StringComparison.Ordinal));
        Assert.All(items.Where(item => item.Done), item => Assert.Matches("evidence `[a-z]+:[^`]+`", item.Text));
    }

    [Fact]
    [Trait("requirement", "S000-47")]
    public void A_migration_without_a_way_back_is_not_ticked()
    {
        Assert.True(Items(Authentication)[0].Done);
        Assert.False(Items(SampleDossiers.Of("data-migration"))[0].Done);
        Assert.True(Items(SampleDossiers.Of("tiny"))[0].Done);
    }

    [Fact]
    [Trait("requirement", "S000-48")]
    public void A_flag_is_off_only_when_preflight_has_read_it() => Assert.False(Items(Authentication)[1].Done);

    [Fact]
    [Trait("requirement", "S000-50")]
    public void A_business_metric_without_a_threshold_is_not_ticked()
    {
        Assert.True(Items(Authentication)[3].Done);
        var without = Authentication with { Plan = Authentication.Plan with { Evidence = Authentication.Plan.Evidence with { Kpis = [] } } };
        Assert.False(Items(without)[3].Done);
    }

    [Theory]
    [Trait("requirement", "S000-51")]
    [InlineData(true, "sign in")]
    [InlineData(false, "sign in", "reset a password")]
    public void Every_critical_flow_needs_a_smoke_check_of_its_name(bool done, params string[] flows) =>
        Assert.Equal(done, Items(SampleDossiers.Of(Authentication.Request with { System = Authentication.Request.System! with { CriticalFlows = flows } }))[4].Done);

    [Theory]
    [Trait("requirement", "S000-52")]
    [InlineData("#incidents", true, true)]
    [InlineData("", true, false)]
    [InlineData("#incidents", false, false)]
    public void Both_an_incident_channel_and_a_document_are_needed(string channel, bool document, bool done)
    {
        var talk = Authentication.Request.Communications with { IncidentChannel = channel, IncidentDocument = document ? new Uri("https://wiki.example.com/") : null };
        Assert.Equal(done, Items(SampleDossiers.Of(Authentication.Request with { Communications = talk }))[5].Done);
    }

    private static IReadOnlyList<(bool Done, string Text)> Items(ReleaseDossier dossier) =>
        [.. Regex.Matches(ReleaseDocuments.Render(dossier, DocumentNames.SafetyChecklist)!.Text, @"(?m)^- \[([ x])\] (.+)$").Select(match => (match.Groups[1].Value == "x", match.Groups[2].Value))];
}
