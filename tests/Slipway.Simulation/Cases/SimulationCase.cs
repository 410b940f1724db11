using Slipway.Core.Requests;
using Slipway.Rehearsal.Traffic;

namespace Slipway.Simulation.Cases;

/// <summary>One run as data: everything that happens in it follows from this alone.</summary>
public sealed record SimulationCase
{
    /// <summary>Draws traffic and the answers of people.</summary>
    public required ulong Key { get; init; }

    /// <summary>What is released; the first begins at once.</summary>
    public required IReadOnlyList<SimulatedRelease> Releases { get; init; }

    /// <summary>How approvers are.</summary>
    public required People People { get; init; }

    /// <summary>How their pipelines work.</summary>
    public PipelineKind Pipelines { get; init; } = PipelineKind.Done;

    /// <summary>What happens.</summary>
    public required IReadOnlyList<Incident> Incidents { get; init; }
}

/// <summary>A release of a run.</summary>
/// <param name="Request">The request.</param>
/// <param name="After">How long after the first it is started.</param>
/// <param name="Defect">What is wrong with the new version.</param>
/// <param name="Stage">The stage, as position in the plan, with which it shows.</param>
public sealed record SimulatedRelease(ReleaseRequest Request, TimeSpan After, Defect Defect, int Stage);

/// <summary>How those who are asked answer.</summary>
/// <param name="AnswerAfter">The longest that an approver takes.</param>
/// <param name="Rejects">How often one rejects, 0 to 1.</param>
/// <param name="Silent">How often one does not answer, 0 to 1.</param>
/// <param name="Twice">How often one answers a second time, and otherwise, 0 to 1.</param>
public sealed record People(TimeSpan AnswerAfter, double Rejects, double Silent, double Twice);

/// <summary>How a pipeline carries out a step that exposes users.</summary>
/// <param name="Takes">How long it works behind its answer, whoever asks; zero: it is done with the answer.</param>
/// <param name="GivesStatus">Whether it says where it can be asked.</param>
public sealed record PipelineKind(TimeSpan Takes, bool GivesStatus)
{
    /// <summary>Done with the answer.</summary>
    public static readonly PipelineKind Done = new(TimeSpan.Zero, false);
}
