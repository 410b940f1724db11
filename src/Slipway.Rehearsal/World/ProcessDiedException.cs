namespace Slipway.Rehearsal.World;

/// <summary>Ends a process of the rehearsal between two steps, as a kill would.</summary>
internal sealed class ProcessDiedException : Exception;
