using System.Text.Json;
using Slipway.Core.Serialization;

namespace Slipway.Core.Reporting;

/// <summary>Interim: the reporting slice replaces this file.</summary>
public static class ReportJson
{
    /// <summary>As JSON.</summary>
    public static string Write(object report) => JsonSerializer.Serialize(report, SlipwayJson.Options);
}
