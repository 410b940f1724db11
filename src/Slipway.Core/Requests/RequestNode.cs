namespace Slipway.Core.Requests;

/// <summary>A node of a request file, whatever its notation was. Line and column count from 1.</summary>
/// <param name="Line">Line on which the node starts.</param>
/// <param name="Column">Column at which it starts.</param>
public abstract record RequestNode(int Line, int Column);

/// <summary>A mapping in file order. Keys that stand twice are kept, so that the reader can report them.</summary>
/// <param name="Entries">Keys and values.</param>
/// <param name="Line">Line on which the mapping starts.</param>
/// <param name="Column">Column at which it starts.</param>
public sealed record RequestMapping(IReadOnlyList<RequestEntry> Entries, int Line, int Column) : RequestNode(Line, Column)
{
    /// <summary>What an empty file reads as.</summary>
    public static RequestMapping Empty { get; } = new([], 1, 1);
}

/// <summary>One key of a mapping with its value.</summary>
/// <param name="Key">The key as written.</param>
/// <param name="Line">Line of the key.</param>
/// <param name="Column">Column of the key.</param>
/// <param name="Value">The value.</param>
public sealed record RequestEntry(string Key, int Line, int Column, RequestNode Value);

/// <summary>A list.</summary>
/// <param name="Items">The items in file order.</param>
/// <param name="Line">Line on which the list starts.</param>
/// <param name="Column">Column at which it starts.</param>
public sealed record RequestSequence(IReadOnlyList<RequestNode> Items, int Line, int Column) : RequestNode(Line, Column);

/// <summary>A single value, still as text: what it means is the reader's decision, field by field.</summary>
/// <param name="Text">The value without quotes and escapes.</param>
/// <param name="Quoted">Whether the file marks it as text (quotes, or a block scalar). JSON strings are quoted.</param>
/// <param name="Line">Line on which the value starts.</param>
/// <param name="Column">Column at which it starts.</param>
public sealed record RequestScalar(string Text, bool Quoted, int Line, int Column) : RequestNode(Line, Column)
{
    /// <summary>An unquoted <c>null</c>, <c>~</c> or nothing at all: read as "not stated".</summary>
    public bool IsNull => !Quoted && (Text is "" or "~" or "null" or "Null" or "NULL");
}
