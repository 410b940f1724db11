using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Slipway.Cli.Terminal;
using Slipway.Core.Policy;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway key NAME</c>: makes an API key for a person or pipeline. The key is printed once and kept nowhere; the policy gets its hash.</summary>
public sealed class KeyCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var name = new Argument<string>("NAME") { Description = "Whose it is; for an approver the mail address that a group lists" };
        var roles = new Option<PolicyRole[]>("--role")
        {
            Description = "What it lets do: viewer, operator, approver or telemetry; may be given several times",
            HelpName = "ROLE",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [PolicyRole.Viewer],
        };
        name.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (string.IsNullOrWhiteSpace(token.Value) || token.Value.Any(char.IsControl) || token.Value.Length > 200))
                result.AddError("NAME is empty, too long or holds control characters: expected a name or a mail address.");
        });
        var command = new Command("key", "Make an API key for the server's policy") { name, roles };
        command.SetAction((parsed, _) => Task.FromResult(Make(new CommandIo(host, parsed), parsed.GetRequiredValue(name), [.. (parsed.GetValue(roles) ?? []).Distinct()])));
        return command;
    }

    private static int Make(CommandIo io, string name, IReadOnlyList<PolicyRole> roles)
    {
        var key = RandomNumberGenerator.GetHexString(48, lowercase: true);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        var words = string.Join(", ", roles.Select(role => role.ToString().ToLowerInvariant()));
        if (io.Json) io.Data(new { name, roles, key, sha256 = hash });
        else io.Data(key);
        io.Say($"This key is shown once. Give it to {Printable.Line(name)} and add to slipway.policy.yaml, then start the server again:");
        io.Say($"keys:\n  - {{ name: \"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\", roles: [{words}], sha256: {hash} }}");
        return ExitCodes.Done;
    }
}
