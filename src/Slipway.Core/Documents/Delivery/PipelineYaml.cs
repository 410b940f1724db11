using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Delivery;

/// <summary>
/// The pipeline as GitHub Actions would have it: a sketch from the request's own commands that shows order, identity and the manual approval,
/// not a file that is used. Every value is quoted as YAML, so that it stays one whatever it says.
/// </summary>
internal static class PipelineYaml
{
    public static IReadOnlyList<string> Of(ReleaseRequest request)
    {
        var delivery = request.Delivery ?? new DeliverySpec();
        var commands = delivery.Commands;
        return
        [
            "name: release",
            "on:",
            "  push:",
            $"    branches: [{Quote(delivery.Branch)}]",
            "permissions:",
            "  id-token: write",
            "  contents: read",
            "jobs:",
            "  build-test:",
            "    runs-on: ubuntu-latest",
            "    steps:",
            "      - uses: actions/checkout@v4",
            .. Run("build", commands.Build),
            .. Run("lint and test", commands.Test),
            .. Run("push", request.Artifacts is { Image.Length: > 0 } artifact ? $"docker push {Commands.ShellText.Quote(artifact.Image)}" : ""),
            "  staging:",
            "    needs: build-test",
            "    runs-on: ubuntu-latest",
            "    environment: staging",
            "    steps:",
            .. Run("deploy", commands.Deploy),
            .. Run("smoke", request.Preflight.Smoke.Count > 0 ? $"curl -fsS -o /dev/null {Commands.ShellText.Quote(ShownUrl.Of(request.Preflight.Smoke[0].Url))}" : ""),
            "  production:",
            "    needs: staging",
            "    runs-on: ubuntu-latest",
            "    environment: production # its protection rule is the manual approval",
            "    steps:",
            .. Run("release", "slipway start release.yaml"),
        ];
    }

    private static IEnumerable<string> Run(string name, string command) =>
        [$"      - name: {name}", $"        run: {Quote(command.Length > 0 ? command : $"echo the command for {name} is not stated")}"];

    private static string Quote(string text) => $"\"{Markdown.MarkdownText.Clean(text, 2000).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
