namespace Slipway.Azure.Metrics;

/// <summary>A table as a query gave it, in nobody's library's types.</summary>
/// <param name="Columns">Names and KQL types (<c>string</c>, <c>long</c>, <c>real</c>, <c>datetime</c> …).</param>
/// <param name="Rows">Values by column: <see cref="string"/>, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>,
/// <see cref="DateTimeOffset"/>, or null. Values of other types are strings.</param>
internal sealed record LogTable(IReadOnlyList<LogColumn> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);

/// <summary>A column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its KQL type.</param>
internal readonly record struct LogColumn(string Name, string Type);
