using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Releases;

/// <summary>
/// What a run keeps of one environment: its watch, that watch's memory, and what it found. Nothing here is seen by another environment's
/// watch, so that evidence is never shared.
/// </summary>
internal sealed class EnvironmentWatch(ReleasePlan plan, PlannedEnvironment environment)
{
    public PlannedEnvironment Environment => environment;

    /// <summary>The plan as this environment sees it.</summary>
    public ReleasePlan Plan { get; } = plan.Of(environment);

    /// <summary><c> in staging</c>; empty where there is one environment.</summary>
    public string In { get; } = plan.In(environment);

    /// <summary>Whether its first shift has begun: from then on it is watched until the release ends.</summary>
    public bool Begun { get; set; }

    /// <summary>Whether its last stage was promoted and another environment follows: then its evidence is complete, and lost sight of it
    /// holds nothing any more.</summary>
    public bool Passed { get; set; }

    /// <summary>The watch child that runs; null between two.</summary>
    public Task<WatchOutput>? Running { get; set; }

    /// <summary>What the last child handed over; null before the first ended.</summary>
    public WatchInput? Carry { get; set; }

    /// <summary>What telemetry said of its users before anybody was exposed; null before it was asked.</summary>
    public Calibration? Calibration { get; set; }

    /// <summary>What it was told last.</summary>
    public WatchDirected Directive { get; set; } = new(0, WatchMode.Hold, null, null, null, [], Environment: environment.Index);

    /// <summary>The stage under judgement; null before the first shift was verified.</summary>
    public StageUnderJudgement? Judged { get; set; }

    /// <summary>Whether Slipway is writing its flags, so that a difference is no drift.</summary>
    public bool Writing { get; set; }

    /// <summary>Whether a shift of it waits, for the window or a freeze: only what is under way is not compared then.</summary>
    public bool Waits { get; set; }

    /// <summary>Whether somebody else changed one of its flags.</summary>
    public bool Drifted { get; set; }

    /// <summary>Whether sight is lost.</summary>
    public bool Blind { get; set; }

    /// <summary>Since when, while it is.</summary>
    public DateTimeOffset BlindSince { get; set; }

    /// <summary>Since when its children fail one after the other; null while they do not.</summary>
    public DateTimeOffset? FailsSince { get; set; }

    /// <summary>Whether what follows from failing for too long was done.</summary>
    public bool GivenUp { get; set; }
}
