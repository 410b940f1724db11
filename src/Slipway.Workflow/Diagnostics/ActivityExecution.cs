using System.Diagnostics;
using System.Text.Json;
using Slipway.Core.Releases;
using Slipway.Workflow.Engine;

namespace Slipway.Workflow.Diagnostics;

/// <summary>One execution of an activity with its span and its metrics, on whichever engine.</summary>
internal static class ActivityExecution
{
    /// <summary>Runs an activity and tells it; gives and throws what the activity does.</summary>
    /// <param name="diagnostics">Who is told.</param>
    /// <param name="activity">What runs.</param>
    /// <param name="instance">The orchestration that asked for it, for example <c>search-2.4.0/watch/1</c>; empty: unknown.</param>
    /// <param name="input">Its input.</param>
    /// <param name="cancellation">The host stops.</param>
    public static async Task<JsonElement> RunAsync(ReleaseDiagnostics diagnostics, RegisteredActivity activity, string instance, JsonElement input, CancellationToken cancellation)
    {
        var begun = diagnostics.Time.GetTimestamp();
        using var span = Start(diagnostics, activity.Name, instance);
        var error = "";
        try
        {
            return await activity.Run(input, cancellation);
        }
        catch (Exception thrown) when (!cancellation.IsCancellationRequested)
        {
            error = thrown.GetType().Name;
            throw;
        }
        finally
        {
            End(diagnostics, activity.Name, span, diagnostics.Time.GetElapsedTime(begun), error);
        }
    }

    private static Activity? Start(ReleaseDiagnostics diagnostics, string name, string instance)
    {
        try
        {
            if (!diagnostics.Spans.HasListeners() || !ReleaseId.TryParse(instance.Split('/')[0], out var release)) return null;
            // Whoever called this process for it, as a Functions host does, has a trace of its own.
            var links = Activity.Current is { } caller ? new[] { new ActivityLink(caller.Context) } : null;
            return diagnostics.Spans.StartActivity(
                name,
                ActivityKind.Internal,
                diagnostics.ContextOf(release),
                [new(DiagnosticNames.Release, release.Value), new(DiagnosticNames.Activity, name), new(DiagnosticNames.Instance, instance)],
                links,
                diagnostics.Time.GetUtcNow());
        }
        catch (Exception)
        {
            // A listener's problem is not the activity's.
            return null;
        }
    }

    private static void End(ReleaseDiagnostics diagnostics, string name, Activity? span, TimeSpan time, string error)
    {
        try
        {
            diagnostics.Instruments.Measure(DiagnosticNames.ActivityDuration, time, DiagnosticNames.Activity, name);
            if (error.Length > 0) diagnostics.Instruments.Count(DiagnosticNames.ActivityFailures, [new(DiagnosticNames.Activity, name), new(DiagnosticNames.ErrorType, error)]);
            if (span is null) return;
            if (error.Length > 0) span.SetTag(DiagnosticNames.ErrorType, error).SetStatus(ActivityStatusCode.Error, error);
            span.SetEndTime(diagnostics.Time.GetUtcNow().UtcDateTime);
        }
        catch (Exception)
        {
            // As above.
        }
    }
}
