using System.Diagnostics;
using System.Text.Json;
using Slipway.Cli.Client;
using Slipway.Cli.Demo;

namespace Slipway.Cli.Tests.Hosting;

/// <summary>A real <c>slipway serve</c> in a process of its own, so that it can be killed.</summary>
internal sealed class ServeProcess : IDisposable
{
    private readonly Process _process;

    private ServeProcess(Process process, ServerFile file)
    {
        _process = process;
        File = file;
        Operator = new DemoClient(new Uri(file.Url), file.OperatorToken);
    }

    public ServerFile File { get; }

    public DemoClient Operator { get; }

    public static async Task<ServeProcess> StartAsync(string data, CancellationToken stop)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "slipway.dll"), "serve", "--json", "--port", "0", "--data", data])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var ready = await process.StandardOutput.ReadLineAsync(limit.Token);
        if (ready is null) Assert.Fail($"slipway serve ended with {process.ExitCode}: {await errors}");
        using var line = JsonDocument.Parse(ready);
        Assert.Equal("slipway.serve.v1", line.RootElement.GetProperty("schema").GetString());
        var file = ServerFile.Read(data);
        Assert.NotNull(file);
        return new ServeProcess(process, file);
    }

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        Operator.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
