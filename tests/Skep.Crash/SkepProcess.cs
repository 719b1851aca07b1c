using System.Diagnostics;
using System.Text.Json;

namespace Skep.Crash;

/// <summary>A running <c>skep</c> whose events are read as they come: what it prints is on disk, so that is what it has acknowledged.</summary>
internal sealed class SkepProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _errors = [];

    public SkepProcess(string folder, params string[] arguments) : this(folder, new Dictionary<string, string>(), arguments)
    {
    }

    public SkepProcess(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "skep"), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException("skep does not start");
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.BeginErrorReadLine();
    }

    public string Errors
    {
        get
        {
            lock (_errors) return string.Join('\n', _errors);
        }
    }

    /// <summary>Reads the next event, or null at the end. A line that a kill has cut in two is no event.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                return json.RootElement.Clone();
            }
            catch (JsonException)
            {
                // Half a line: the process died while it wrote. It was not acknowledged.
            }
        }

        return null;
    }

    /// <summary>SIGKILL to this process alone: what it started lives on, as it would.</summary>
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
        while (await NextAsync() is not null)
        {
            // The rest of its output.
        }

        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_errors) _errors.Add(line);
    }
}
