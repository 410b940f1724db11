using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Core.Reporting;
using Slipway.Web.OpenApi;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway schema</c>: the published JSON Schemas, for editors and validators.</summary>
public sealed class SchemaCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var which = new Argument<string>("WHICH")
        {
            Description = "request: what release.yaml may say; report: what `show --json` gives; openapi: the HTTP API",
            DefaultValueFactory = _ => "request",
        };
        which.AcceptOnlyFromAmong("request", "report", "openapi");
        var command = new Command("schema", "Print the JSON Schema of the request or of the report, or the OpenAPI document") { which };
        command.SetAction(parsed =>
        {
            var io = new CommandIo(host, parsed);
            io.Data((parsed.GetValue(which) switch
            {
                "report" => ContractSchemas.ReleaseReport,
                "openapi" => OpenApiDocument.Text,
                _ => ContractSchemas.ReleaseRequest,
            }).TrimEnd());
            return ExitCodes.Done;
        });
        return command;
    }
}
