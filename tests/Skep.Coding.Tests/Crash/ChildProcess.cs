using System.Diagnostics;

namespace Skep.Coding.Tests.Crash;

/// <summary>A life of <see cref="ChildProgram"/>.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public ChildProcess(string root, string method)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ChildProgram).Assembly.Location, root, method]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public async Task<bool> NextAsync() => await _process.StandardOutput.ReadLineAsync() is not null;

    /// <summary>SIGKILL to this process alone: the git that it has started lives on, as it would.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: false);
        }
        catch (InvalidOperationException)
        {
            // It had ended by itself.
        }
    }

    public async Task<(int Code, string Errors)> EndAsync()
    {
        while (await NextAsync())
        {
            // The rest of its output.
        }

        await _process.WaitForExitAsync();
        return (_process.ExitCode, await _errors);
    }

    public void Dispose() => _process.Dispose();
}
