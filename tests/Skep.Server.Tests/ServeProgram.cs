using System.Diagnostics;
using System.Globalization;

namespace Skep.Server.Tests;

/// <summary>The real <c>skep serve</c>.</summary>
internal sealed class ServeProgram : IDisposable
{
    public static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "skep.dll");

    private ServeProgram(Process process) => Process = process;

    public Process Process { get; }

    /// <summary>What it said first.</summary>
    public string FirstLine { get; private set; } = "";

    /// <summary>Where it answers.</summary>
    public string Url { get; private set; } = "";

    public static async Task<ServeProgram> StartAsync(string root, params string[] args)
    {
        var ready = Path.Combine(root, "ready");
        var program = new ServeProgram(Start(root, ["serve", "--ready-file", ready, .. args]));
        program.FirstLine = await program.Process.StandardOutput.ReadLineAsync().WaitAsync(ServerRig.Patience) ?? await program.Process.StandardError.ReadToEndAsync();
        await program.Process.StandardOutput.ReadLineAsync().WaitAsync(ServerRig.Patience);
        program.Url = program.FirstLine.Split(" at ")[^1].Split(';')[0];
        return program;
    }

    public static Process Start(string root, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Dll, .. args]) { WorkingDirectory = root, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("SKEP_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        return Process.Start(start)!;
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, Process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await Process.WaitForExitAsync().WaitAsync(ServerRig.Patience);
    }

    public void Dispose()
    {
        if (!Process.HasExited) Process.Kill();
        Process.Dispose();
    }
}
