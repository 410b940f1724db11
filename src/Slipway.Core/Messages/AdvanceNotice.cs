using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;

namespace Slipway.Core.Messages;

/// <summary>The notice a day before the start: when it is due, whether that can be kept, and its words. Pure.</summary>
public static class AdvanceNotice
{
    /// <summary>How long before the start people are told.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromHours(24);

    /// <summary>Whether everyone will be told in time; a shortfall is a warning, since a person decided about the start time.</summary>
    /// <param name="startAt">The request's start time; null: at once.</param>
    /// <param name="now">When the gates are checked.</param>
    public static GateChecked Gate(DateTimeOffset? startAt, DateTimeOffset now)
    {
        var (status, details) = startAt switch
        {
            null => (GateStatus.Warning, "no start_at is stated: nobody is told a day before the start"),
            { } start when start <= now => (GateStatus.Warning, $"start_at {Moment(start)} is past: nobody is told before the start"),
            { } start when start - Ahead < now => (GateStatus.Warning, string.Create(
                CultureInfo.InvariantCulture, $"sent at once, {(start - now).TotalHours:0.#} h before the start: {(Ahead - (start - now)).TotalHours:0.#} h less than the 24 h that people should have")),
            { } start => (GateStatus.Pass, $"due at {Moment(start - Ahead)}, 24 h before the start"),
        };
        return new GateChecked(QualityGates.Notice, status, false, details, GateKind.Quality, null);
    }

    /// <summary>One line for the subject.</summary>
    public static string Headline(ReleaseRequest request, DateTimeOffset start) => $"{request.Release.Title} {request.Release.Version}".Trim() + $" starts at {Moment(start)}";

    /// <summary>What is released, when each stage is expected, whom it touches, and who answers questions.</summary>
    public static string Details(ReleaseRequest request, ReleasePlan plan, DateTimeOffset start)
    {
        var times = StageTimeline.Of(plan, WindowSchedule.Of(request, plan), start);
        IReadOnlyList<string> lines =
        [
            Changes(request),
            $"Schedule, at the earliest (a stage goes on only when its evidence is good{(plan.Stages.Any(stage => stage.Approval is not null) ? " and it is approved" : "")}):",
            .. times.Select(time => $"- {Moment(time.From)}: {time.Stage.Percentage} of users, judged until {Moment(time.Until)}"),
            times.Count < plan.Stages.Count ? "- no change window opens for the stages after that within a year" : "",
            Impact(request, plan),
            $"Way back: {(plan.Levels.Count == 0 ? "none is stated" : $"{string.Join(", ", plan.Levels.Select(level => $"level {level.Level} within {DurationText.Format(level.Budget)}"))}, by itself when a limit is crossed")}.",
            Contact(request),
        ];
        return string.Join('\n', lines.Where(line => line.Length > 0));
    }

    /// <summary>What is new in a release, in one line; empty when the request does not say.</summary>
    public static string Changes(ReleaseRequest request)
    {
        List<string> parts =
        [
            request.Release.Problem.Length > 0 ? $"It solves: {request.Release.Problem}." : "",
            request.Changes.Features.Count > 0 ? $"New: {string.Join(", ", request.Changes.Features)}." : "",
            request.Changes.Fixes.Count > 0 ? $"Fixed: {string.Join(", ", request.Changes.Fixes)}." : "",
            request.Changes.BreakingChanges.Count > 0 ? $"Breaking: {string.Join(", ", request.Changes.BreakingChanges)}." : "",
        ];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    private static string Impact(ReleaseRequest request, ReleasePlan plan)
    {
        var first = plan.Stages[0].Percentage;
        var users = request.Operations.ActiveUsers is { } all
            ? string.Create(CultureInfo.InvariantCulture, $"{all * (decimal)first.Fraction:N0} of {all:N0} users at first, then all")
            : $"{first} of users at first, then all";
        return $"Impact: {users}; regions {string.Join(", ", plan.Regions)}; risk {plan.Risk.ToString().ToLowerInvariant()}.";
    }

    private static string Contact(ReleaseRequest request)
    {
        string[] people = [.. new[] { request.Contacts.Primary, request.Contacts.Secondary, request.Release.RequestedBy }.Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        return people.Length == 0 ? "Nobody to contact is stated." : $"Questions and objections: {string.Join(", ", people)}.";
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
