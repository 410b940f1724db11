using Slipway.Core.Requests;

namespace Slipway.Core.Strategies;

/// <summary>How the exposure of a release grows, in the four words of the field.</summary>
public enum RolloutPattern
{
    /// <summary>The code is live, no user sees it.</summary>
    DarkLaunch,

    /// <summary>A part of the traffic, compared with the rest.</summary>
    Canary,

    /// <summary>Two targets; the last step is the swap.</summary>
    BlueGreen,

    /// <summary>The flag's percentage grows, without another deployment.</summary>
    GradualFlag,
}

/// <summary>The strategy of a release with why it is carried out so.</summary>
/// <param name="Strategy">As the request names it; canary where it names none.</param>
/// <param name="Pattern">Which of the four it is.</param>
/// <param name="Reason">Why, as a sentence without its full stop.</param>
public sealed record StrategyChoice(RolloutStrategy Strategy, RolloutPattern Pattern, string Reason)
{
    /// <summary>Of a request; pure.</summary>
    public static StrategyChoice Of(ReleaseRequest request)
    {
        var lever = request.Flags.Count > 0 ? string.Join(", ", request.Flags.Select(flag => flag.Name)) : "the deploy hook's traffic";
        return request.Strategy switch
        {
            RolloutStrategy.FeatureFlag => new(request.Strategy, RolloutPattern.GradualFlag, $"the code is deployed with {lever} off, and the flag's percentage grows without another deployment"),
            RolloutStrategy.Shadow => new(request.Strategy, RolloutPattern.DarkLaunch, "the new path answers beside the present one, and no user sees its answers before they were compared"),
            RolloutStrategy.BlueGreen => new(request.Strategy, RolloutPattern.BlueGreen, $"the previous target stays until the swap at the end, and a share by {lever} meets the new one before"),
            RolloutStrategy.Rolling => new(request.Strategy, RolloutPattern.Canary, "no flag carries a share of users, so that the first region is the canary of the others"),
            _ => new(request.Strategy, RolloutPattern.Canary, $"a share of users by {lever} meets the new version and is compared with the rest"),
        };
    }

    /// <summary>The pattern as people write it, for example <c>blue-green</c>.</summary>
    public string Word => Pattern switch
    {
        RolloutPattern.DarkLaunch => "dark launch",
        RolloutPattern.BlueGreen => "blue-green",
        RolloutPattern.GradualFlag => "gradual flag",
        _ => "canary",
    };
}
