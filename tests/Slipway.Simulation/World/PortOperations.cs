using System.Collections.Concurrent;
using System.Reflection;
using Slipway.Embedded.Faults;
using Slipway.Simulation.Cases;
using Slipway.Workflow.Ports;

namespace Slipway.Simulation.World;

/// <summary>The names of the operations of every port, as incidents use them.</summary>
internal static class PortOperations
{
    private static readonly ConcurrentDictionary<MethodInfo, string> Known = new();

    public static string Of(MethodInfo method) => Known.GetOrAdd(method, Name);

    private static string Name(MethodInfo method) => (method.DeclaringType!.Name, method.Name) switch
    {
        (nameof(IFlagStore), nameof(IFlagStore.ReadAsync) or nameof(IFlagStore.LookAsync)) => FaultOperations.FlagRead,
        (nameof(IFlagStore), nameof(IFlagStore.ListAsync)) => FaultOperations.FlagList,
        (nameof(IFlagStore), nameof(IFlagStore.SetExposureAsync)) => FaultOperations.FlagSet,
        (nameof(IFlagStore), nameof(IFlagStore.RestoreAsync)) => FaultOperations.FlagRestore,
        (nameof(IConfigurationStore), nameof(IConfigurationStore.ReadAsync)) => FaultOperations.ConfigurationRead,
        (nameof(IConfigurationStore), nameof(IConfigurationStore.WriteAsync)) => FaultOperations.ConfigurationWrite,
        (nameof(IMetricSource), nameof(IMetricSource.ReadAsync)) => FaultOperations.MetricRead,
        (nameof(IMetricSource), nameof(IMetricSource.ReadCohortAsync)) => FaultOperations.CohortRead,
        (nameof(IProbe), _) => FaultOperations.Probe,
        (nameof(IDeployHook), _) => FaultOperations.Hook,
        (nameof(IMailer), nameof(IMailer.SendAsync)) => FaultOperations.Mail,
        (nameof(IWebhook), _) => FaultOperations.Webhook,
        (nameof(ILedger), nameof(ILedger.CreateAsync)) => IncidentGenerator.LedgerCreation,
        (nameof(ILedger), nameof(ILedger.AppendAsync)) => "ledger.append",
        (nameof(ILedger), nameof(ILedger.ReadAsync)) => "ledger.read",
        (nameof(ILocks), _) => "locks",
        (nameof(IFreezes), _) => "freezes",
        var (type, name) => $"{type}.{name}",
    };
}
