using System.Globalization;
using Slipway.Core.Analysis;
using Slipway.Core.Requests;

namespace Slipway.Azure.Metrics;

/// <summary>
/// The part of every query that says which requests there were: <c>Requests</c> with Start, Region, Arm, User, OperationId, Success,
/// DurationMs and ResultCode. Rows are counted, and not the items that a sampled row stands for: what was not seen is no evidence. Pure.
/// </summary>
internal static class KqlRequests
{
    private const string Epoch = "datetime(1970-01-01)";

    /// <summary>The user of a row of any of the tables: the id that targeting knows where the row has it.</summary>
    private const string UserOfRow = "coalesce(tostring(Properties[\"TargetingId\"]), UserAuthenticatedId, UserId)";

    /// <summary>The bucket of a latency, by the constants of <see cref="LatencyHistogram"/>; the logarithm's base is divided out as there.</summary>
    public static string Bucket { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"iff(DurationMs > 1.0, min_of({LatencyHistogram.LastBucket}, tolong(ceiling(log(DurationMs) / log({LatencyHistogram.Growth:R}) - {LatencyHistogram.EdgeTolerance:R}))), 0)");

    /// <summary>The statements up to <c>Requests</c>.</summary>
    public static string Write(WatchQuery query) => $"""
        let From = {KqlText.Of(query.From)};
        let To = {KqlText.Of(query.To)};
        let Interval = {KqlText.Of(query.Watch.Interval)};
        let After = To + {KqlText.Of(WatchQuery.Slack)};
        {(query.Own(TelemetrySpec.RequestsQuery) is { } own ? Own(own) : query.Logs.ArmProperty is { } property ? ByProperty(query, property) : ByEvaluations(query))}
        """;

    /// <summary>The start of the interval of a row.</summary>
    public static string Start(string time = "TimeGenerated") => $"bin_at({time}, Interval, {Epoch})";

    /// <summary>The rows of a table in time, of the role that counts.</summary>
    public static string Rows(WatchQuery query, string table, string to = "To") => $"""
        {table}
        | where TimeGenerated >= From and TimeGenerated < {to}{Role(query)}
        """;

    /// <summary>The region of a row of any of the tables.</summary>
    public static string Region(WatchQuery query) => Region($"tostring(Properties[{KqlText.Of(query.Logs.RegionProperty)}])");

    /// <summary>A region, <c>global</c> where none is named.</summary>
    public static string Region(string text) => $"iff(isempty({text}), \"global\", {text})";

    /// <summary>The user of a row of any of the tables; empty: nobody known.</summary>
    public static string User => UserOfRow;

    /// <summary>An arm from a text that says it; empty: it does not.</summary>
    public static string Arm(string text) =>
        $"case({text} in~ (\"canary\", \"true\", \"on\", \"new\"), \"canary\", {text} in~ (\"control\", \"false\", \"off\", \"old\"), \"control\", \"\")";

    /// <summary>A query of the release file: its text stands in a function of its own, so that it may have statements, and names of its own.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="text">The operator's text.</param>
    public static string Function(string name, string text) => $"let {name} = () {{\n{text.TrimEnd(' ', '\t', '\r', '\n', ';')}\n}};";

    private static string Own(string text) => $$"""
        {{Function("OwnRequests", text)}}
        let Requests = materialize(OwnRequests()
        | where TimeGenerated >= From and TimeGenerated < To
        | extend Start = {{Start()}}, Arm = {{Arm("tostring(Arm)")}}, Named = tostring(column_ifexists("Region", "")), User = tostring(column_ifexists("User", "")), OperationId = tostring(column_ifexists("OperationId", "")), ResultCode = tostring(column_ifexists("ResultCode", ""))
        | where isnotempty(Arm)
        | project Start, Region = {{Region("Named")}}, Arm, User, OperationId, Success = tobool(Success), DurationMs = todouble(DurationMs), ResultCode);
        """;

    private static string ByProperty(WatchQuery query, string property) => $"""
        let Requests = materialize({Rows(query, "AppRequests")}
        | where isempty(SyntheticSource)
        | extend Stated = tostring(Properties[{KqlText.Of(property)}])
        | extend Start = {Start()}, Region = {Region(query)}, Arm = {Arm("Stated")}, User = {UserOfRow}
        | where isnotempty(Arm)
        | project Start, Region, Arm, User, OperationId, Success, DurationMs, ResultCode);
        """;

    /// <summary>
    /// An evaluation says the arm of its operation, and of its user for the interval; one with both arms says neither, which happens while
    /// the exposure changes.
    /// </summary>
    private static string ByEvaluations(WatchQuery query) => $"""
        let Evaluations = materialize(AppEvents
        | where TimeGenerated >= From and TimeGenerated < After
        | where Name == "FeatureEvaluation" and tostring(Properties["FeatureName"]) == {KqlText.Of(query.Logs.Flag)}
        | project OperationId, Start = {Start()}, User = {UserOfRow}, IsCanary = tostring(Properties["Enabled"]) =~ "true");
        let ArmOfOperation = Evaluations
        | where isnotempty(OperationId)
        | summarize Canary = countif(IsCanary), All = count(), OperationUser = max(User) by OperationId
        | where Canary == 0 or Canary == All
        | project OperationId, OperationArm = iff(Canary > 0, "canary", "control"), OperationUser;
        let ArmOfUser = Evaluations
        | where isnotempty(User)
        | summarize Canary = countif(IsCanary), All = count() by User, Start
        | where Canary == 0 or Canary == All
        | project User, Start, UserArm = iff(Canary > 0, "canary", "control");
        let Requests = materialize({Rows(query, "AppRequests")}
        | where isempty(SyntheticSource)
        | project Start = {Start()}, Region = {Region(query)}, OwnUser = {UserOfRow}, OperationId, Success, DurationMs, ResultCode
        | join kind=leftouter ArmOfOperation on OperationId
        | extend User = coalesce(OwnUser, OperationUser)
        | join kind=leftouter ArmOfUser on User, Start
        | extend Arm = coalesce(OperationArm, UserArm)
        | where isnotempty(Arm)
        | project Start, Region, Arm, User, OperationId, Success, DurationMs, ResultCode);
        """;

    private static string Role(WatchQuery query)
    {
        var role = query.Logs.Role ?? query.Watch.Service;
        return role == TelemetrySpec.EveryRole ? "" : $"\n| where AppRoleName == {KqlText.Of(role)}";
    }
}
