using Slipway.Core.Analysis.Calibrating;

namespace Slipway.Core.Ledgers;

/// <summary>
/// What telemetry says of an environment's users before anybody is exposed; the newest counts, and none follows the first write.
/// </summary>
/// <param name="Environment">The environment, 0 first.</param>
/// <param name="Calibration">What was learnt, or why nothing was.</param>
public sealed record CalibrationMeasured(int Environment, Calibration Calibration) : LedgerBody;
