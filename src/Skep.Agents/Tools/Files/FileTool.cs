using System.Text;

namespace Skep.Agents.Tools;

/// <summary>What tools for files share. Each call opens the attempt's folder anew and works off the caller's thread.</summary>
internal abstract class FileTool(string schema) : BuiltInTool(schema)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Works in the sandbox of a call.</summary>
    protected static Task<T> InSandboxAsync<T>(ToolCall call, Func<FileSandbox, T> work, CancellationToken cancel) => Task.Run(
        () =>
        {
            using var sandbox = FileSandbox.Open(call.Agent.Attempt.WorkingDirectory);
            return work(sandbox);
        },
        cancel);

    /// <summary>Bytes as text, or null when they are none: there is a NUL, or they are no UTF-8.</summary>
    internal static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0)) return null;
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
