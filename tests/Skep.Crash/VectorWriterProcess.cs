using System.Diagnostics;
using System.Globalization;

namespace Skep.Crash;

/// <summary>A process that writes to a collection of vectors and says what was acknowledged, until it is killed.</summary>
internal sealed class VectorWriterProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public VectorWriterProcess(string folder, IEnumerable<int> next)
    {
        _process = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "skep-vector-writer"),
            [folder, .. next.Select(n => n.ToString(CultureInfo.InvariantCulture))])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        }) ?? throw new InvalidOperationException("the writer does not start");
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public string Errors => _errors.Result;

    /// <summary>The next line as words, or null at the end. Half a line was not said.</summary>
    public async Task<string[]?> NextAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync();
        return line is null || !line.EndsWith('.') ? null : line[..^1].Split(' ');
    }

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

    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();
}
