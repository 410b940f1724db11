using System.Diagnostics;

namespace Slipway.Workflow.Diagnostics;

/// <summary>One thing to tell, with everything that telling it needs; see <see cref="DiagnosticFacts"/>.</summary>
internal abstract record DiagnosticFact
{
    /// <summary>A span that is over.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Trace">Its trace.</param>
    /// <param name="Id">Its id.</param>
    /// <param name="Parent">Its parent; <c>default</c> for the root.</param>
    /// <param name="From">When it began.</param>
    /// <param name="To">When it ended.</param>
    /// <param name="Problem">Empty: it went well, which a rollback that brought users back did too.</param>
    /// <param name="Attributes">What else to say.</param>
    public sealed record Span(
        string Name, ReleaseTrace Trace, ActivitySpanId Id, ActivitySpanId Parent, DateTimeOffset From, DateTimeOffset To, string Problem, IReadOnlyList<(string Name, object Value)> Attributes)
        : DiagnosticFact;

    /// <summary>One more.</summary>
    /// <param name="Instrument">The counter.</param>
    /// <param name="Dimension">The dimension's name; empty: none.</param>
    /// <param name="Value">The dimension's value.</param>
    public sealed record Count(string Instrument, string Dimension = "", string Value = "") : DiagnosticFact;

    /// <summary>A measured time.</summary>
    /// <param name="Instrument">The histogram.</param>
    /// <param name="Time">The time.</param>
    /// <param name="Dimension">The dimension's name; empty: none.</param>
    /// <param name="Value">The dimension's value.</param>
    public sealed record Measure(string Instrument, TimeSpan Time, string Dimension = "", string Value = "") : DiagnosticFact;

    /// <summary>Something for the log.</summary>
    /// <param name="Told">What.</param>
    public sealed record Event(ReleaseEvent Told) : DiagnosticFact;

    /// <summary>A mail that waits for too long; told and counted once, whoever finds it.</summary>
    /// <param name="MessageId">Which mail.</param>
    /// <param name="Told">What to log.</param>
    public sealed record Delayed(string MessageId, ReleaseEvent.MailDelayed Told) : DiagnosticFact;
}
