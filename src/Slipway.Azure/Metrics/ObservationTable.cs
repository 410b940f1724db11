using System.Globalization;

namespace Slipway.Azure.Metrics;

/// <summary>
/// The table that every query of the metric source gives, one row for each thing counted: Kind string, Start datetime, Region string, Arm
/// string, Name string, Count long, Sum real, Squares real.
/// </summary>
internal static class ObservationTable
{
    public const string Requests = "requests";

    public const string Errors = "errors";

    public const string Users = "users";

    public const string FailedUsers = "failed_users";

    /// <summary>Name is the bucket of <see cref="Core.Analysis.LatencyHistogram"/>.</summary>
    public const string Bucket = "bucket";

    /// <summary>Name is the threshold in milliseconds.</summary>
    public const string Slower = "slower";

    public const string ErrorType = "error_type";

    public const string Dependency = "dependency";

    public const string Kpi = "kpi";

    public const string Measurement = "measurement";

    /// <summary>Start is the newest request's time, Sum the time to its ingestion in seconds that 95 % do not exceed.</summary>
    public const string Watermark = "watermark";

    /// <summary>Of a cohort: a region and interval in which somebody got the new version.</summary>
    public const string Exposed = "exposed";

    /// <summary>Of a cohort: how many requests there were at all, and how many of a known user that got the old version.</summary>
    public const string Seen = "seen";

    /// <summary>Of a cohort: see <see cref="Seen"/>.</summary>
    public const string Known = "known";

    /// <summary>The columns with their KQL types.</summary>
    public static IReadOnlyList<LogColumn> Columns { get; } =
    [
        new("Kind", "string"), new("Start", "datetime"), new("Region", "string"), new("Arm", "string"), new("Name", "string"), new("Count", "long"),
        new("Sum", "real"), new("Squares", "real"),
    ];

    /// <summary>A threshold as its rows name it.</summary>
    public static string EdgeName(double edge) => edge.ToString("R", CultureInfo.InvariantCulture);
}
