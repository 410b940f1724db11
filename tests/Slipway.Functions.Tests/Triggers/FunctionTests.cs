using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Slipway.Core.Analysis.Judging;
using Slipway.Functions.Durable;
using Slipway.Functions.Triggers;
using Slipway.Scenarios.World;
using Slipway.Web.Api;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Releases;

namespace Slipway.Functions.Tests.Triggers;

/// <summary>What the Functions host is told to run is what the workflow needs, no more and no less.</summary>
public sealed partial class FunctionTests
{
    private static readonly IReadOnlyList<MethodInfo> Functions =
        [.. typeof(ApiFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)];

    [Fact]
    public async Task Every_workflow_has_its_function_and_every_orchestrator_function_its_workflow()
    {
        await using var world = new ReleaseWorld();
        var expected = Registered(world).Workflows.Keys.Select(DurableNames.FunctionOf).ToHashSet();
        AssertSame(expected, NamesOf<OrchestrationTriggerAttribute>(), nameof(WorkflowFunctions));
    }

    [Fact]
    public async Task Every_activity_has_its_function_and_every_activity_function_its_activity()
    {
        await using var world = new ReleaseWorld();
        var expected = Registered(world).Activities.Keys.Select(DurableNames.FunctionOf).ToHashSet();
        AssertSame(expected, NamesOf<ActivityTriggerAttribute>(), nameof(ActivityFunctions));
    }

    [Fact]
    public async Task The_worker_tells_the_host_of_each_function_and_its_bindings()
    {
        var told = await new GeneratedFunctionMetadataProvider().GetFunctionMetadataAsync("");
        Assert.Equal(Functions.Select(NameOf).Order(), told.Select(function => function.Name!).Order());
        foreach (var function in Functions)
        {
            var bindings = string.Concat(told.Single(found => found.Name == NameOf(function)).RawBindings!);
            var expected = Triggered<OrchestrationTriggerAttribute>(function) ? "orchestrationTrigger"
                : Triggered<ActivityTriggerAttribute>(function) ? "activityTrigger"
                : Triggered<TimerTriggerAttribute>(function) ? "timerTrigger" : "httpTrigger";
            Assert.Contains($"\"{expected}\"", bindings, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(Triggered<DurableClientAttribute>(function), bindings.Contains("durableClient", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void Every_name_is_one_that_the_host_takes_and_is_used_once()
    {
        var names = Functions.Select(NameOf).ToList();
        Assert.All(names, name => Assert.Matches(NamesOfTheHost(), name));
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Every_persisted_name_has_a_function_name_of_its_own()
    {
        var persisted = typeof(ReleaseActivities).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.FieldType.GetProperty("Value")!.GetValue(field.GetValue(null))!).ToList();
        Assert.Equal(persisted.Count, persisted.Select(DurableNames.FunctionOf).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Each_activity_function_bears_the_name_of_its_member_in_ReleaseActivities()
    {
        foreach (var function in Functions.Where(Triggered<ActivityTriggerAttribute>))
        {
            var member = typeof(ReleaseActivities).GetField(function.Name);
            Assert.True(member is not null, $"{function.Name} is no member of {nameof(ReleaseActivities)}.");
            var persisted = (string)member.FieldType.GetProperty("Value")!.GetValue(member.GetValue(null))!;
            Assert.Equal(DurableNames.FunctionOf(persisted), NameOf(function));
        }
    }

    [Fact]
    public async Task Every_address_of_the_api_belongs_to_an_http_function()
    {
        await using var world = new ReleaseWorld();
        var routes = Functions.SelectMany(function => function.GetParameters()).Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>().ToList();
        var table = ApiRoutes.Create(new ApiServices { Desk = world.Desk, Locks = null!, Freezes = null!, Flags = world.Flags, FlagCreator = null!, Telemetry = null!, Health = null!, Access = null!, Pages = null! });
        Assert.All(table.Routes, route =>
        {
            var area = route.Template.Text.TrimStart('/').Split('/')[0];
            var trigger = routes.SingleOrDefault(trigger => trigger.Route!.Split('/')[0] == area);
            Assert.True(trigger is not null, $"no function answers {route.Method} {route.Template.Text}: add one to {nameof(ApiFunctions)}");
            Assert.Contains(trigger.Methods!, method => HttpMethods.Equals(method, route.Method));
            Assert.True(trigger.Route!.EndsWith("/{*rest}", StringComparison.Ordinal) || route.Template.Text == $"/{trigger.Route.TrimStart('/')}", $"{route.Template.Text} is longer than the function's {trigger.Route}");
            Assert.Equal(AuthorizationLevel.Anonymous, trigger.AuthLevel);
        });
    }

    private static WorkflowRegistry Registered(ReleaseWorld world) =>
        ReleaseModule.RegisterStarts(ReleaseModule.Register(new WorkflowRegistry(), world.Ports, world.Journal, new EvidenceJudge()), world);

    private static HashSet<string> NamesOf<TTrigger>()
        where TTrigger : Attribute => [.. Functions.Where(Triggered<TTrigger>).Select(NameOf)];

    private static bool Triggered<TTrigger>(MethodInfo function)
        where TTrigger : Attribute => function.GetParameters().Any(parameter => parameter.GetCustomAttribute<TTrigger>() is not null);

    private static string NameOf(MethodInfo function) => function.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static void AssertSame(HashSet<string> expected, HashSet<string> found, string file)
    {
        Assert.True(expected.IsSubsetOf(found), $"without a function: {string.Join(", ", expected.Except(found))}. Add a line for each to {file}.");
        Assert.True(found.IsSubsetOf(expected), $"functions of nothing that is registered: {string.Join(", ", found.Except(expected))}. Remove them from {file}.");
    }

    /// <summary>As the Functions host checks them.</summary>
    [GeneratedRegex(@"^[a-z][a-z0-9_\-]{0,127}$(?<!^host$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamesOfTheHost();
}
