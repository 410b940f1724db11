using Slipway.Core.Analysis.Calibrating;

namespace Slipway.Azure.Metrics;

/// <summary>
/// The query of a cohort: known users that got the old version, split by where they fall in the flag's rollout, which KQL computes exactly
/// as <see cref="Core.Analysis.TargetingHash"/> does. The same columns as every query. Pure.
/// </summary>
internal static class KqlCohort
{
    private const string CountsOnly = "Sum = real(null), Squares = real(null)";

    /// <summary>The query.</summary>
    public static string Write(WatchQuery query, CohortQuery cohort) => $"""
        {KqlRequests.Write(query)}
        let Exposed = Requests
        | where Arm == "canary"
        | distinct Start, Region;
        let Cohort = materialize(Requests
        | where Arm == "control" and isnotempty(User)
        | join kind=leftanti Exposed on Start, Region
        | extend Hash = hash_sha256(strcat(User, "\n", {KqlText.Of(cohort.Flag)}))
        | extend Place = tolong(strcat("0x", substring(Hash, 6, 2), substring(Hash, 4, 2), substring(Hash, 2, 2), substring(Hash, 0, 2)))
        | extend Arm = iff(todouble(Place) / {KqlText.Of(uint.MaxValue)} * 100.0 < {KqlText.Of((double)cohort.Percentage.Value)}, "canary", "control"));
        union
        (Cohort
        | summarize All = count(), Errors = countif(Success == false), Users = count_distinct(User), FailedUsers = count_distinctif(User, Success == false) by Start, Region, Arm
        | extend Counts = bag_pack("{ObservationTable.Requests}", All, "{ObservationTable.Errors}", Errors, "{ObservationTable.Users}", Users, "{ObservationTable.FailedUsers}", FailedUsers)
        | mv-expand Kind = bag_keys(Counts) to typeof(string)
        | project Kind, Start, Region, Arm, Name = "", Count = tolong(Counts[Kind]), {CountsOnly}),
        (Cohort
        | where isnotnull(DurationMs)
        | summarize Count = count() by Start, Region, Arm, Bucket = {KqlRequests.Bucket}
        | project Kind = "{ObservationTable.Bucket}", Start, Region, Arm, Name = tostring(Bucket), Count, {CountsOnly}),
        (Exposed
        | project Kind = "{ObservationTable.Exposed}", Start, Region, Arm = "", Name = "", Count = 1, {CountsOnly}),
        (Requests
        | summarize Seen = count(), Known = countif(Arm == "control" and isnotempty(User))
        | extend Counts = bag_pack("{ObservationTable.Seen}", Seen, "{ObservationTable.Known}", Known)
        | mv-expand Kind = bag_keys(Counts) to typeof(string)
        | project Kind, Start = From, Region = "", Arm = "", Name = "", Count = tolong(Counts[Kind]), {CountsOnly})
        """;
}
