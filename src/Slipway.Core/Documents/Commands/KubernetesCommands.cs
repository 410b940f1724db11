namespace Slipway.Core.Documents.Commands;

/// <summary>kubectl on a deployment.</summary>
internal static class KubernetesCommands
{
    public static PlatformCommands Of(CommandNames names)
    {
        var (name, space) = (ShellText.Quote(names.Target.Name), ShellText.Quote(names.Target.Namespace));
        return new PlatformCommands
        {
            Platform = "Kubernetes",
            Units = "pods",
            Deploy = names.Step(
                "Set the new image of the deployment", "deployment image updated", "Read the events of the deployment and stop",
                () => $"kubectl set image deployment/{name} {name}={ShellText.Quote(names.Image)} -n {space}", names.Name, names.Namespace, names.NewImage),
            Started = names.Step(
                "Wait until the new pods are ready", "successfully rolled out", "Undo the rollout and stop",
                () => $"kubectl rollout status deployment/{name} -n {space} --timeout=5m", names.Name, names.Namespace),
            Restart = names.Step(
                "Restart the pods one after the other", "deployment restarted, no pod not ready", "Undo the rollout",
                () => $"kubectl rollout restart deployment/{name} -n {space}", names.Name, names.Namespace),
            Logs = names.Step(
                "Read the newest errors", "no line that was not there before the release", "Go back",
                () => $"kubectl logs deployment/{name} -n {space} --since=10m --all-containers", names.Name, names.Namespace),
            Revert = names.Step(
                "Undo the rollout", "deployment rolled back", "Set the previous image by hand",
                () => $"kubectl rollout undo deployment/{name} -n {space}", names.Name, names.Namespace),
            Version = names.Step(
                "Read which image runs", "the image of the version that is meant", "Repeat the step before",
                () => $"kubectl get deployment/{name} -n {space} -o jsonpath='{{.spec.template.spec.containers[0].image}}'", names.Name, names.Namespace),
            ScaleDownOld = names.Step(
                "Keep old replica sets as they are until the last stage has ended, then list them", "old replica sets with 0 replicas", "Leave them: they cost nothing and are the way back",
                () => $"kubectl get replicasets -n {space}", names.Namespace),
        };
    }
}
