using System.Threading.Channels;

namespace Skep.Cli.Running;

/// <summary>
/// Writes lines on a task of its own. Nothing is dropped: when a reader is so slow that <see cref="MaxWaiting"/> lines gather, the
/// queen waits for it. A reader that has gone (<c>skep run --json | head</c>) does not stop the run.
/// </summary>
internal sealed class LineWriter : IAsyncDisposable
{
    /// <summary>Most lines that wait to be written.</summary>
    public const int MaxWaiting = 64 * 1024;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly TextWriter _to;
    private readonly Task _writing;

    public LineWriter(TextWriter to)
    {
        _to = to;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Adds a line.</summary>
    public void Write(string line)
    {
        if (!_lines.Writer.TryWrite(line)) _lines.Writer.WriteAsync(line).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Writes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync()
    {
        var gone = false;
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            if (gone) continue;
            try
            {
                await _to.WriteAsync(line + "\n");
                if (_lines.Reader.Count == 0) await _to.FlushAsync();
            }
            catch (IOException)
            {
                gone = true;
            }
        }
    }
}
