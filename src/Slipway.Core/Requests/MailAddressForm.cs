namespace Slipway.Core.Requests;

/// <summary>The one form of a mail address: as requests and the server policy are read, and as addresses are found within a name.</summary>
internal static class MailAddressForm
{
    /// <summary>The pattern, to be anchored or searched for.</summary>
    public const string Pattern = @"[^\s@<>,;:""\\()\[\]]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?)*";
}
