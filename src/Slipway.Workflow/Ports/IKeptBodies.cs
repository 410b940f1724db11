using Slipway.Core.Ledgers;

namespace Slipway.Workflow.Ports;

/// <summary>A ledger that still has the bodies of its entries as they were appended, so that nobody has to read them from their JSON.</summary>
public interface IKeptBodies
{
    /// <summary>The body of one of its entries.</summary>
    LedgerBody BodyOf(LedgerEntry entry);
}
