namespace Slipway.Core.Documents;

/// <summary>One document of a release.</summary>
/// <param name="Name">Its name, one of <see cref="DocumentNames"/>.</param>
/// <param name="File">Its file name, with ending.</param>
/// <param name="MediaType">text/markdown, text/plain or application/json.</param>
/// <param name="Text">Its text, with line feeds, ending with one.</param>
public sealed record ReleaseDocument(string Name, string File, string MediaType, string Text);
