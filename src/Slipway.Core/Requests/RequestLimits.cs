namespace Slipway.Core.Requests;

/// <summary>How large a request or policy file may be. Inclusive bounds; what lies beyond is refused before it is read further.</summary>
public static class RequestLimits
{
    /// <summary>Bytes of the file as UTF-8.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Mappings and lists inside each other.</summary>
    public const int MaxDepth = 32;

    /// <summary>Keys, values, mappings and lists of the file together.</summary>
    public const int MaxNodes = 20_000;

    /// <summary>Problems that are listed; one more says that there are others.</summary>
    public const int MaxProblems = 500;

    /// <summary>Items of a list, where the field does not say otherwise.</summary>
    public const int MaxItems = 5_000;

    /// <summary>Items of the lists that are looked at for each moment: windows, peak hours and freezes.</summary>
    public const int MaxCalendarItems = 50;
}
