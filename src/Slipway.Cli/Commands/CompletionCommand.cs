using System.CommandLine;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway completion SHELL</c>: a script that completes commands and options, by asking the program itself.</summary>
public sealed class CompletionCommand : ICliCommand
{
    private static readonly Dictionary<string, (string Script, string Install)> Shells = new(StringComparer.Ordinal)
    {
        ["bash"] = ("""
            _slipway_complete() {
              local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}"
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(slipway "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
            }
            complete -o default -F _slipway_complete slipway
            """, "source <(slipway completion bash)"),
        ["zsh"] = ("""
            #compdef slipway
            _slipway_complete() {
              local line="${BUFFER[1,CURSOR]}"
              local -a found
              found=("${(@f)$(slipway "[suggest:${#line}]" "$line" 2>/dev/null)}")
              compadd -- $found
            }
            compdef _slipway_complete slipway
            """, "source <(slipway completion zsh)"),
        ["fish"] = ("""
            complete -c slipway -f -a '(set -l line (commandline -cp); slipway "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)'
            """, "slipway completion fish | source"),
        ["pwsh"] = ("""
            Register-ArgumentCompleter -Native -CommandName slipway -ScriptBlock {
              param($word, $ast, $cursor)
              $line = $ast.ToString()
              slipway "[suggest:$cursor]" $line 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }
            """, "slipway completion pwsh | Out-String | Invoke-Expression"),
    };

    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, pwsh or fish" };
        shell.AcceptOnlyFromAmong([.. Shells.Keys]);
        var command = new Command("completion", "Print a script that completes slipway in a shell") { shell };
        command.SetAction((parsed, _) =>
        {
            var io = new CommandIo(host, parsed);
            var (script, install) = Shells[parsed.GetRequiredValue(shell)];
            if (io.Json) io.Data(new { shell = parsed.GetRequiredValue(shell), script });
            else io.Data(script);
            io.Say($"To have it in every shell, add to its start-up file: {install}");
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }
}
