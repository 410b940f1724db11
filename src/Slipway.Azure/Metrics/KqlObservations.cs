namespace Slipway.Azure.Metrics;

/// <summary>
/// The one query of a poll: every count that the plan judges, as rows of one table with the columns of <see cref="ObservationTable"/>. Pure.
/// </summary>
internal static class KqlObservations
{
    private const string CountsOnly = "Sum = real(null), Squares = real(null)";

    /// <summary>The query.</summary>
    public static string Write(WatchQuery query)
    {
        List<string> parts = [Cells, .. Requests(query), Watermark(query)];
        List<string> statements = [KqlRequests.Write(query)];
        if (query.Logs.Kpis.Any(kpi => query.Own(kpi) is null)) statements.Add(Values(query));
        foreach (var (index, kpi) in query.Logs.Kpis.Index()) parts.Add(Function(kpi, $"OwnKpi{index}") is { } own ? OwnValues(own, kpi) : Kpi(kpi));
        foreach (var (index, name) in query.Logs.Measurements.Index())
            parts.Add(Function(name, $"OwnMeasurement{index}") is { } own ? OwnMeasurement(own, name) : Measurement(query, name));
        return $"{string.Join('\n', statements)}\nunion\n{string.Join(",\n", parts.Select(part => $"({part})"))}";

        string? Function(string name, string function)
        {
            if (query.Own(name) is not { } text) return null;
            statements.Add(KqlRequests.Function(function, text));
            return function;
        }
    }

    /// <summary>The counts of each arm, region and interval. Whose requests failed is said where any user is known.</summary>
    private static string Cells => $"""
        Requests
        | summarize All = count(), Errors = countif(Success == false), Known = countif(isnotempty(User)), Users = count_distinctif(User, isnotempty(User)), FailedUsers = count_distinctif(User, isnotempty(User) and Success == false), FailedNobody = countif(isempty(User) and Success == false) by Start, Region, Arm
        | extend Counts = bag_pack("{ObservationTable.Requests}", All, "{ObservationTable.Errors}", Errors, "{ObservationTable.Users}", iff(Known > 0, Users, long(null)), "{ObservationTable.FailedUsers}", iff(Known > 0, FailedUsers + FailedNobody, long(null)))
        | mv-expand Kind = bag_keys(Counts) to typeof(string)
        | project Kind, Start, Region, Arm, Name = "", Count = tolong(Counts[Kind]), {CountsOnly}
        | where isnotnull(Count)
        """;

    private static IEnumerable<string> Requests(WatchQuery query)
    {
        yield return $"""
            Requests
            | where isnotnull(DurationMs)
            | summarize Count = count() by Start, Region, Arm, Bucket = {KqlRequests.Bucket}
            | project Kind = "{ObservationTable.Bucket}", Start, Region, Arm, Name = tostring(Bucket), Count, {CountsOnly}
            """;
        foreach (var edge in query.Watch.Edges)
        {
            yield return $"""
                Requests
                | where DurationMs > {KqlText.Of(edge)}
                | summarize Count = count() by Start, Region, Arm
                | project Kind = "{ObservationTable.Slower}", Start, Region, Arm, Name = {KqlText.Of(ObservationTable.EdgeName(edge))}, Count, {CountsOnly}
                """;
        }

        // A failed operation is known by what it threw, and by its result.
        yield return $"""
            Requests
            | where Success == false and isnotempty(ResultCode)
            | summarize Count = count() by Start, Region, Arm, Name = ResultCode
            | project Kind = "{ObservationTable.ErrorType}", Start, Region, Arm, Name, Count, {CountsOnly}
            """;
        yield return OfOperations(query, "AppExceptions", "ExceptionType", ObservationTable.ErrorType, "");
        yield return OfOperations(query, "AppDependencies", "Target", ObservationTable.Dependency, "\n| where Success == false");
    }

    /// <summary>Rows of another table, counted in the interval, region and arm of the request that they belong to.</summary>
    private static string OfOperations(WatchQuery query, string table, string name, string kind, string where) => $"""
        {KqlRequests.Rows(query, table, "After")}
        | where isnotempty(OperationId) and isnotempty({name}){where}
        | project OperationId, Name = {name}
        | join kind=inner (Requests | where isnotempty(OperationId) | summarize arg_min(Start, Region, Arm) by OperationId) on OperationId
        | summarize Count = count() by Start, Region, Arm, Name
        | project Kind = "{kind}", Start, Region, Arm, Name, Count, {CountsOnly}
        """;

    /// <summary>
    /// A business metric is what its events are worth for each active user of an interval (an event without a value is worth 1, a user
    /// without an event 0): users are what a rollout draws, and so they are what can be compared.
    /// </summary>
    private static string Values(WatchQuery query) => $"""
        let Active = materialize(Requests
        | where isnotempty(User)
        | summarize Canary = countif(Arm == "canary"), All = count(), Region = min(Region) by User, Start
        | where Canary == 0 or Canary == All
        | project User, Start, Region, Arm = iff(Canary > 0, "canary", "control"));
        let Values = materialize(AppEvents
        | where TimeGenerated >= From and TimeGenerated < To
        | where Name in {KqlText.Of(query.Logs.Kpis.Where(kpi => query.Own(kpi) is null))}
        | project Kpi = Name, OperationId, Start = {KqlRequests.Start()}, OwnUser = {KqlRequests.User}, Value = coalesce(todouble(Measurements["value"]), todouble(Properties["value"]), 1.0)
        | join kind=leftouter (Requests | where isnotempty(OperationId) | summarize OperationUser = max(User) by OperationId) on OperationId
        | extend User = coalesce(OwnUser, OperationUser)
        | where isnotempty(User)
        | summarize Value = sum(Value) by Kpi, User, Start);
        """;

    private static string Kpi(string name) => $"""
        Active
        | join kind=leftouter (Values | where Kpi == {KqlText.Of(name)} | project User, Start, Value) on User, Start
        | extend Value = coalesce(Value, 0.0)
        | summarize Count = count(), Sum = sum(Value), Squares = sum(Value * Value) by Start, Region, Arm
        | project Kind = "{ObservationTable.Kpi}", Start, Region, Arm, Name = {KqlText.Of(name)}, Count, Sum, Squares
        """;

    private static string OwnValues(string own, string name) => $"""
        {own}()
        | where TimeGenerated >= From and TimeGenerated < To
        | extend Start = {KqlRequests.Start()}, Arm = {KqlRequests.Arm("tostring(Arm)")}, Named = tostring(column_ifexists("Region", "")), Value = todouble(Value)
        | extend Region = {KqlRequests.Region("Named")}
        | where isnotempty(Arm)
        | summarize Count = count(), Sum = sum(Value), Squares = sum(Value * Value), Missing = countif(isnull(Value)) by Start, Region, Arm
        | project Kind = "{ObservationTable.Kpi}", Start, Region, Arm, Name = {KqlText.Of(name)}, Count, Sum = iff(Missing > 0, real(null), Sum), Squares
        """;

    // Without an arm it is a shared resource's.
    private static string Measurement(WatchQuery query, string name) => $"""
        {KqlRequests.Rows(query, "AppMetrics")}
        | where Name == {KqlText.Of(name)} and ItemCount > 0
        | extend Stated = {(query.Logs.ArmProperty is { } property ? $"tostring(Properties[{KqlText.Of(property)}])" : "\"\"")}
        | summarize Count = tolong(sum(ItemCount)), Sum = todouble(sum(Sum)) by Start = {KqlRequests.Start()}, Region = {KqlRequests.Region(query)}, Arm = {KqlRequests.Arm("Stated")}
        | project Kind = "{ObservationTable.Measurement}", Start, Region, Arm, Name = {KqlText.Of(name)}, Count, Sum, Squares = real(null)
        """;

    private static string OwnMeasurement(string own, string name) => $"""
        {own}()
        | where TimeGenerated >= From and TimeGenerated < To
        | extend Start = {KqlRequests.Start()}, Stated = tostring(column_ifexists("Arm", "")), Named = tostring(column_ifexists("Region", "")), Value = todouble(Value)
        | extend Region = {KqlRequests.Region("Named")}, Arm = {KqlRequests.Arm("Stated")}
        | summarize Count = count(), Sum = sum(Value), Missing = countif(isnull(Value)) by Start, Region, Arm
        | project Kind = "{ObservationTable.Measurement}", Start, Region, Arm, Name = {KqlText.Of(name)}, Count, Sum = iff(Missing > 0, real(null), Sum), Squares = real(null)
        """;

    /// <summary>How far the requests have come in, and how long they took. Nothing is judged by it.</summary>
    private static string Watermark(WatchQuery query) => $"""
        {KqlRequests.Rows(query, "AppRequests")}
        | extend Lag = (ingestion_time() - TimeGenerated) / 1s
        | summarize Start = max(TimeGenerated), Sum = percentile(Lag, 95), Count = count()
        | where Count > 0
        | project Kind = "{ObservationTable.Watermark}", Start, Region = "", Arm = "", Name = "", Count, Sum = todouble(Sum), Squares = real(null)
        """;
}
