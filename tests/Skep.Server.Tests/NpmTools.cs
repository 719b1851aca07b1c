using System.Diagnostics;

namespace Skep.Server.Tests;

/// <summary>Programs of npm that .ci/run installs. Each is named by an environment variable; tests that need one are skipped without.</summary>
internal static class NpmTools
{
    public static string? Claude { get; } = Find("SKEP_CLAUDE");

    public static string? Conformance { get; } = Find("SKEP_MCP_CONFORMANCE");

    public static string? Inspector { get; } = Find("SKEP_MCP_INSPECTOR");

    /// <summary>Node 22 or newer, which the suite and the inspector need.</summary>
    private static string Node { get; } = Find("SKEP_NODE") ?? "node";

    /// <summary>Runs a script with Node to its end; returns the exit code, standard output and standard error.</summary>
    public static Task<(int Code, string Out, string Error)> NodeAsync(string script, string home, params string[] args) => RunAsync(Node, [script, .. args], home, start =>
    {
        // What it starts itself must find the same Node.
        if (Path.GetDirectoryName(Node) is { Length: > 0 } folder) start.Environment["PATH"] = folder + Path.PathSeparator + start.Environment["PATH"];
    });

    /// <summary>Runs a program in a home of its own, without input.</summary>
    public static async Task<(int Code, string Out, string Error)> RunAsync(string program, IEnumerable<string> args, string home, Action<ProcessStartInfo>? change = null)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = home, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } dotnet) start.Environment["DOTNET_ROOT"] = dotnet;
        start.Environment["HOME"] = home;
        change?.Invoke(start);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static string? Find(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path ? path : null;
}

/// <summary>A test that needs the official conformance suite of the protocol.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ConformanceFactAttribute : FactAttribute
{
    public ConformanceFactAttribute() => Skip = NpmTools.Conformance is null ? "SKEP_MCP_CONFORMANCE does not name the conformance suite" : null;
}

/// <summary>A test that needs the protocol's inspector.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class InspectorFactAttribute : FactAttribute
{
    public InspectorFactAttribute() => Skip = NpmTools.Inspector is null ? "SKEP_MCP_INSPECTOR does not name the inspector" : null;
}

/// <summary>A test that needs the real Claude Code.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClaudeFactAttribute : FactAttribute
{
    public ClaudeFactAttribute() => Skip = NpmTools.Claude is null ? "SKEP_CLAUDE does not name an installed Claude Code" : null;
}
