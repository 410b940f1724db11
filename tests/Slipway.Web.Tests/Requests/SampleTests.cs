using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Policy;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Web.Requests;

namespace Slipway.Web.Tests.Requests;

public sealed class SampleTests
{
    [Fact]
    public void The_small_sample_can_be_started_as_it_is()
    {
        var reading = ReleaseRequestReader.Read(YamlRequestDocument.Parse(Samples.Small));

        Assert.Empty(reading.Problems);
        Assert.Null(IntakeGaps.Analyse(reading.Request!).Insufficient);
        var planning = Planner.Plan(reading.Request!);
        Assert.Empty(planning.Problems);
        Assert.Equal(RiskLevel.Low, planning.Plan!.Risk);
        Assert.Equal([5m, 25m, 100m], planning.Plan.Stages.Select(stage => stage.Percentage.Value));
        Assert.True(Samples.Small.Split('\n').Length <= 22);
    }

    [Fact]
    public void The_full_sample_reads_without_problems_and_fills_every_section()
    {
        var reading = ReleaseRequestReader.Read(YamlRequestDocument.Parse(Samples.Full));

        Assert.Empty(reading.Problems);
        var request = reading.Request!;
        Assert.Equal("search-index-v2", request.Release.Id.Value);
        Assert.Equal(TimeSpan.FromHours(3), request.Stages[1].MaxBake);
        Assert.Equal(250m, request.Guardrails.LatencyP95!.Limit);
        Assert.Equal(0.5m, request.Guardrails.Triggers[0].Above);
        Assert.Equal(UndecidedAction.Ask, request.Guardrails.WhenUndecided);
        Assert.Equal(0.04m, request.Operations.BaseErrorRate!.Value.Value);
        Assert.Equal(new DateTimeOffset(2026, 12, 19, 23, 0, 0, TimeSpan.Zero), request.Operations.Freezes[0].From);
        Assert.Equal("Europe/Berlin", request.Operations.Windows[0].Zone);
        Assert.Equal("UTC", request.Operations.PeakHours[0].Zone);
        Assert.Equal(("America/New_York", "release-managers", "Christmas Day"), (request.Operations.Zone, request.Operations.CalendarApproval, request.Operations.Holidays[0].Reason));
        Assert.Equal([Checkpoint.Start, Checkpoint.Rollback, Checkpoint.Done], request.Communications.Stakeholders[0].Checkpoints);
    }

    [Fact]
    public void The_full_sample_names_every_field_that_the_schema_has()
    {
        var fields = Fields(JsonNode.Parse(ContractSchemas.ReleaseRequest)!).ToHashSet(StringComparer.Ordinal);

        Assert.True(fields.Count > 200);
        Assert.DoesNotContain(fields, field => !Regex.IsMatch(Samples.Full, $@"(?<!\w){Regex.Escape(field)}\b", RegexOptions.None, TimeSpan.FromSeconds(5)));

        static IEnumerable<string> Fields(JsonNode node) => node switch
        {
            JsonObject part => (part["properties"] is JsonObject properties ? properties.Select(property => property.Key) : [])
                .Concat(part.Where(member => member.Value is not null).SelectMany(member => Fields(member.Value!))),
            JsonArray list => list.Where(item => item is not null).SelectMany(item => Fields(item!)),
            _ => [],
        };
    }

    [Fact]
    public void The_sample_policy_lets_the_command_line_operate_and_has_no_key_that_anybody_knows()
    {
        var policy = ServerPolicyReader.Read(YamlRequestDocument.Parse(Samples.Policy)).Policy!;

        Assert.True(policy.MayOperate("operator"));
        Assert.True(policy.MayOperate("dana@example.com"));
        Assert.False(policy.MayOperate("lee@example.com"));
        Assert.Empty(policy.Keys);
    }

    [Fact]
    public void The_sample_policy_reads_without_problems_and_allows_what_the_full_sample_calls_below_example_com()
    {
        var reading = ServerPolicyReader.Read(YamlRequestDocument.Parse(Samples.Policy));
        var request = ReleaseRequestReader.Read(YamlRequestDocument.Parse(Samples.Full)).Request!;

        Assert.Empty(reading.Problems);
        Assert.Equal(
            ["preflight.dependencies.external_apis[0].health", "gates[0].url", "approvals.release-managers.approvers"],
            PolicyCheck.Check(request, Planner.Draft(request), reading.Policy!).Select(problem => problem.Path).Distinct());
    }

    [Theory]
    [InlineData(IntakeProfile.Standard)]
    [InlineData(IntakeProfile.Strict)]
    [Trait("requirement", "S000-13")]
    public void A_request_that_says_everything_is_asked_nothing(IntakeProfile profile) =>
        Assert.Empty(IntakeGaps.Analyse(ReleaseRequestReader.Read(YamlRequestDocument.Parse(Samples.Full)).Request!, profile).Gaps);

    [Fact]
    public void The_sample_policy_says_how_much_a_request_must_say() =>
        Assert.Equal(IntakeProfile.Standard, ServerPolicyReader.Read(YamlRequestDocument.Parse(Samples.Policy)).Policy!.Intake);

    [Theory]
    [InlineData("strict", IntakeProfile.Strict)]
    [InlineData("standard", IntakeProfile.Standard)]
    [InlineData("brief", null)]
    [InlineData("srict", null)]
    public void A_policy_takes_the_two_profiles_that_start_releases(string word, IntakeProfile? profile)
    {
        var reading = ServerPolicyReader.Read(YamlRequestDocument.Parse($"intake: {word}"));

        Assert.Equal(profile, reading.Policy?.Intake);
        if (profile is null) Assert.Equal(("intake", "one of standard, strict"), (Assert.Single(reading.Problems).Path, reading.Problems[0].Expected));
    }
}
