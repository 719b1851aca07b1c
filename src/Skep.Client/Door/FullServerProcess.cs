using System.ComponentModel;
using System.Diagnostics;
using Skep.Client.Terminal;

namespace Skep.Client.Door;

/// <summary>The full server as a child process, in our process group, so that Ctrl-C reaches both.</summary>
internal sealed class FullServerProcess : IFullServer
{
    /// <summary>Longest last word of it that is told to the client, in characters.</summary>
    private const int MaxLastWord = 500;

    private static readonly TimeSpan LastWordTime = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Stream _input;
    private volatile string _lastWord = "";

    private FullServerProcess(Process process) => (_process, _input) = (process, process.StandardInput.BaseStream);

    /// <summary>Starts it.</summary>
    /// <param name="program">The full program.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="directory">Its current directory.</param>
    /// <param name="error">Takes what it says to people.</param>
    /// <param name="onLine">Called with every line.</param>
    /// <param name="onEnd">Called at its end.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static FullServerProcess Start(string program, IReadOnlyList<string> args, string directory, TextWriter error, Action<IFullServer, byte[]> onLine, Action<IFullServer, string> onEnd)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            var server = new FullServerProcess(Process.Start(start)!);
            var errors = OnThread("skep-mcp-errors", () => server.Listen(error));
            OnThread("skep-mcp", () => server.Read(onLine, onEnd, errors));
            return server;
        }
        catch (Win32Exception e)
        {
            throw new IOException($"'{program}' cannot be started: {e.Message}", e);
        }
    }

    /// <inheritdoc />
    public void Send(ReadOnlySpan<byte> line)
    {
        try
        {
            _input.Write(line);
            _input.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has ended; its reader says so.
        }
    }

    /// <inheritdoc />
    public void Close()
    {
        try
        {
            _input.Dispose();
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    /// <inheritdoc />
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    /// <inheritdoc />
    public Task ExitedAsync() => _process.WaitForExitAsync();

    /// <summary>Reads block: a thread of its own takes nobody else's.</summary>
    private static Thread OnThread(string name, Action work)
    {
        var thread = new Thread(() => work()) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    private void Read(Action<IFullServer, byte[]> onLine, Action<IFullServer, string> onEnd, Thread errors)
    {
        var why = "";
        try
        {
            var lines = new LineReader(_process.StandardOutput.BaseStream);
            while (lines.Read() is { } line) onLine(this, line);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            why = e.Message;
            Kill();
        }

        _process.WaitForExit();
        // What it said last may still be on its way; something that it left behind may keep the pipe open.
        errors.Join(LastWordTime);
        onEnd(this, why.Length > 0 ? why : $"exit code {_process.ExitCode}{(_lastWord is { Length: > 0 } said ? $", and it said: {said}" : "")}");
    }

    private void Listen(TextWriter error)
    {
        try
        {
            while (_process.StandardError.ReadLine() is { } line)
            {
                error.WriteLine(line);
                if (line.Length > 0) _lastWord = PlainLine.Clean(line[..Math.Min(line.Length, MaxLastWord)]);
            }
        }
        catch (IOException)
        {
            // Nobody is left to be told.
        }
    }
}
