using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Commands;

/// <summary>
/// The catalogue of commands by infrastructure, with a request's own resource names filled in. Where a name is not stated there is a
/// question instead of a command. The commands are those of kubectl, the Azure CLI, systemd and curl.
/// </summary>
public static class CommandCatalogue
{
    /// <summary>The commands for one environment of a request; null stands for an environment that is not stated.</summary>
    public static PlatformCommands Of(ReleaseRequest request, EnvironmentSpec? environment)
    {
        var names = new CommandNames(request, environment ?? new EnvironmentSpec { Name = EnvironmentName.Prod });
        return names.Infrastructure switch
        {
            "kubernetes" => KubernetesCommands.Of(names),
            "azure_functions" or "serverless" => AppServiceCommands.Functions(names),
            "app_service" => AppServiceCommands.WebApp(names),
            "container_apps" or "containers" => ContainerAppsCommands.Of(names),
            "vms" => VirtualMachineCommands.Of(names),
            "edge" => EdgeCommands.Of(names),
            "databases" => DatabaseCommands.Of(names),
            _ => PipelineCommands.Of(names),
        };
    }
}
