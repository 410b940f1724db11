using Slipway.Core.Ledgers;

namespace Slipway.Web.Pages.Export;

/// <summary>One release as one file that needs no server: for a printer, a ticket or an archive.</summary>
/// <param name="Release">What the release's page shows.</param>
/// <param name="ReportHash">SHA-256 of the report's JSON as served at this moment, in hex.</param>
/// <param name="ReportJson">The report's JSON.</param>
/// <param name="Chain">Whether the ledger's hash chain holds.</param>
/// <param name="All">Every entry that says something to people, oldest first.</param>
public sealed record ExportModel(ReleaseModel Release, string ReportHash, string ReportJson, ChainVerdict Chain, IReadOnlyList<LedgerRow> All);
