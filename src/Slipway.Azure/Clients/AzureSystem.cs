namespace Slipway.Azure.Clients;

/// <summary>A service as people know it.</summary>
/// <param name="Name">The name in messages, for example <c>flag store</c>.</param>
/// <param name="Role">The role that this application's identity needs there.</param>
internal sealed record AzureSystem(string Name, string Role);
