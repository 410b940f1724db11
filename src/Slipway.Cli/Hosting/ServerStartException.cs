namespace Slipway.Cli.Hosting;

/// <summary>A server could not be started. The message says what, why and how to fix it, for the person who started it.</summary>
public sealed class ServerStartException(string message, Exception? inner = null) : Exception(message, inner);
