using System.CommandLine;
using System.Text.Json;
using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Releases;
using Slipway.Web.Api;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway flags</c>: what applications read, and creating a flag that is off.</summary>
public sealed class FlagsCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host) => new("flags", "List feature flags, or create one that is off") { BuildList(host), BuildCreate(host) };

    private static Command BuildList(CliHost host)
    {
        var label = Label("Only the flags of this label; \"\": only those without a label");
        var list = new Command("list", "List the feature flags") { label };
        list.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, async (io, client) =>
            await (await client.FlagsAsync(parsed.GetValue(label), cancellation)).ThenAsync(io, flags => Task.FromResult(Write(io, flags)))));
        return list;
    }

    private static Command BuildCreate(CliHost host)
    {
        var name = new Argument<string>("NAME") { Description = "The flag's name" };
        name.Validators.Add(static result =>
        {
            // Such a name would be another address of the server and never reach it as a name.
            if (result.Tokens is [{ Value: "" or "." or ".." } token]) result.AddError($"'{token.Value}' is not a flag name: expected 1 to 200 characters that are not only dots.");
            else if (result.Tokens is [{ Value: var text }] && text.Contains('@')) result.AddError($"'{text}' is not a flag name: it contains '@'. A label is given with --label.");
        });
        var label = Label("Keep the value under this label, as an environment or a region has its own");
        var dryRun = DryRun.Option("Say whether it would be created and create nothing");
        var create = new Command("create", "Create a flag that is off; an existing one is left as it is") { name, label, dryRun };
        create.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, async (io, client) =>
        {
            var key = new FlagKey(parsed.GetRequiredValue(name), parsed.GetValue(label) ?? "");
            if (parsed.GetValue(dryRun)) return await DryRunAsync(io, client, key, cancellation);
            var answer = await client.CreateFlagAsync(key, cancellation);
            return await answer.ThenAsync(io, made =>
            {
                if (io.Json)
                    io.Data(new { created = made.Created, flag = made.Flag });
                else
                    io.Data(NameOf(made.Flag));
                io.Say(made.Created
                    ? $"Created, and off. Name it under flags in a request, then `slipway start FILE`."
                    : "It existed; nothing was changed.");
                return Task.FromResult(ExitCodes.Done);
            });
        }));
        return create;
    }

    private static async Task<int> DryRunAsync(CommandIo io, SlipwayClient client, FlagKey key, CancellationToken cancellation)
    {
        var answer = await client.FlagsAsync(key.Label, cancellation);
        return await answer.ThenAsync(io, flags =>
        {
            var existing = flags.Items.FirstOrDefault(flag => flag.Key == $"{FlagItem.Prefix}{key.Name}");
            return Task.FromResult(DryRun.Told(
                io,
                new { command = "flags create", flag = key.ToString(), sent = false, exists = existing is not null },
                existing is null ? $"{key} would be created, and off: nobody gets anything by it." : $"{key} exists and is {(IsEnabled(existing) ? "on" : "off")}; nothing would be changed."));
        });
    }

    private static Option<string?> Label(string description)
    {
        var label = new Option<string?>("--label") { Description = description, HelpName = "LABEL" };
        label.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: var text }] && FlagKey.LabelProblem(text) is { } problem) result.AddError($"{problem}.");
        });
        return label;
    }

    private static int Write(CommandIo io, FlagList flags)
    {
        if (io.Json)
        {
            io.Data(flags);
            return ExitCodes.Done;
        }

        var width = flags.Items.Count == 0 ? 0 : flags.Items.Max(flag => NameOf(flag).Length);
        foreach (var flag in flags.Items)
            io.Data($"{NameOf(flag).PadRight(width)}  {(IsEnabled(flag) ? "on" : "off")}");
        io.Say(flags.Items.Count == 0
            ? "No flags yet. Create one with `slipway flags create NAME`."
            : "The share of users that an enabled flag reaches is in its JSON: `slipway flags list --json`.");
        return ExitCodes.Done;
    }

    private static string NameOf(FlagItem flag)
    {
        var name = flag.Key.StartsWith(FlagItem.Prefix, StringComparison.Ordinal) ? flag.Key[FlagItem.Prefix.Length..] : flag.Key;
        return Printable.Line(flag.Label is { Length: > 0 } label ? $"{name}@{label}" : name);
    }

    private static bool IsEnabled(FlagItem flag)
    {
        using var json = JsonDocument.Parse(flag.Value);
        return json.RootElement.ValueKind == JsonValueKind.Object
            && json.RootElement.TryGetProperty("enabled", out var enabled)
            && enabled.ValueKind == JsonValueKind.True;
    }
}
