using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Skep.Coding.Git;

/// <summary>What a command left.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error, cut at <see cref="GitProcess.MaxErrors"/> bytes.</param>
internal sealed record GitResult(int Code, string Output, string Errors)
{
    /// <summary>Output without the line's end.</summary>
    public string Line => Output.TrimEnd('\n');

    /// <summary>Output that is separated by NUL.</summary>
    public string[] Fields => Output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs git: without a shell, in a bounded environment, for a bounded time, with bounded output.</summary>
internal sealed class GitProcess(GitOptions options)
{
    /// <summary>Most bytes of error text that are kept.</summary>
    public const int MaxErrors = 8 * 1024;

    private const int RaceTries = 20;

    private static readonly TimeSpan RaceWait = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs a command to its end, whatever its exit code.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="arguments">Of git. Whatever comes from outside is a full ref name, an object id, or stands behind <c>--</c>.</param>
    /// <param name="cancel">Kills the command.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="environment">Further variables.</param>
    /// <exception cref="GitException">It cannot be started, takes too long or prints too much.</exception>
    public async Task<GitResult> RunAsync(
        string directory, IReadOnlyList<string> arguments, CancellationToken cancel, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        for (var tries = 1; ; tries++)
        {
            var result = await RunOnceAsync(directory, arguments, input, environment, cancel);
            if (result.Code == 0 || tries == RaceTries || !IsRace(result.Errors)) return result;
            await Task.Delay(RaceWait, options.Time, cancel);
        }
    }

    /// <summary>Words of a command for messages.</summary>
    public static string Name(IReadOnlyList<string> arguments) => "git " + string.Join(' ', arguments.Take(6));

    /// <summary>Whether another git was just registering or removing a worktree: whatever reads the register then gives up before it does anything.</summary>
    private static bool IsRace(string errors) => errors.Contains("failed to read", StringComparison.Ordinal) && errors.Contains("/commondir", StringComparison.Ordinal);

    private async Task<GitResult> RunOnceAsync(
        string directory, IReadOnlyList<string> arguments, string? input, IReadOnlyDictionary<string, string>? environment, CancellationToken cancel)
    {
        using var process = Start(directory, arguments, environment);
        using var late = new CancellationTokenSource(options.Timeout, options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            var output = ReadAsync(process.StandardOutput.BaseStream, options.MaxOutput, both.Token);
            var errors = ReadAsync(process.StandardError.BaseStream, MaxErrors, both.Token);
            await FeedAsync(process, input, both.Token);
            var (text, cut) = await output;
            if (cut) throw new GitException(GitFault.TooMuch, $"'{Name(arguments)}' in {directory} printed more than {options.MaxOutput} bytes: raise {nameof(GitOptions)}.{nameof(GitOptions.MaxOutput)} if the repository is that large");
            var said = (await errors).Text;
            await process.WaitForExitAsync(both.Token);
            return new GitResult(process.ExitCode, text, said.Trim());
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new GitException(GitFault.TimedOut, $"'{Name(arguments)}' in {directory} did not end within {options.Timeout.TotalSeconds:0.#} s: look for a stuck disk or a lock, or raise {nameof(GitOptions)}.{nameof(GitOptions.Timeout)}");
        }
        finally
        {
            Kill(process);
        }
    }

    private Process Start(string directory, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        if (!Directory.Exists(directory)) throw new GitException(GitFault.NoRepository, $"there is no folder '{directory}' to run git in");
        var start = new ProcessStartInfo(options.Program)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in GitEnvironment.Arguments(options).Concat(arguments)) start.ArgumentList.Add(argument);
        GitEnvironment.Fill(start.Environment);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        try
        {
            return Process.Start(start) ?? throw new Win32Exception("it does not start");
        }
        catch (Win32Exception e)
        {
            throw new GitException(GitFault.Missing, $"the program '{options.Program}' cannot be started ({e.Message}): install git {GitVersion.Oldest} or newer, or put it on the PATH", e);
        }
    }

    private static async Task FeedAsync(Process process, string? input, CancellationToken cancel)
    {
        try
        {
            if (input is not null) await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input), cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code says why.
        }
    }

    /// <summary>Reads to the end, keeping so much; the rest is thrown away, so that the program does not get stuck.</summary>
    private static async Task<(string Text, bool Cut)> ReadAsync(Stream stream, int most, CancellationToken cancel)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        var cut = false;
        for (int read; (read = await stream.ReadAsync(buffer, cancel)) > 0;)
        {
            var room = (int)Math.Min(read, most - kept.Length);
            cut |= room < read;
            kept.Write(buffer, 0, room);
        }

        return (Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length), cut);
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has just ended.
        }
    }
}
