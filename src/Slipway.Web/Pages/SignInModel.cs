namespace Slipway.Web.Pages;

/// <summary>The page that signs in.</summary>
/// <param name="Frame">What is around it.</param>
/// <param name="FormToken">The form's anti-forgery token.</param>
/// <param name="Return">The local path to go on to.</param>
/// <param name="Problem">What was wrong; empty: nothing.</param>
public sealed record SignInModel(PageFrame Frame, string FormToken, string Return, string Problem)
{
    /// <summary>The code of a sign-in link and whom it signs in; null: a key is asked for.</summary>
    public (string Code, string Name)? Link { get; init; }

    /// <summary>Whom the platform in front of the host has signed in; null: nobody, and a key is asked for.</summary>
    public string? Platform { get; init; }
}
