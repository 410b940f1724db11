namespace Slipway.Core.Requests;

/// <summary>What a request says at a place where its value alone does not tell.</summary>
public enum AnswerKind
{
    /// <summary>That there is none: the word <c>none</c>, or an empty list.</summary>
    None,

    /// <summary>Nothing yet: a placeholder such as <c>TBD</c>, which was read as if the place were empty.</summary>
    Placeholder,
}
