using System.Buffers;
using System.Text;

namespace Skep.Orchestration.Output;

/// <summary>
/// What an attempt says: secrets masked first, then made valid UTF-8, then kept as a file, as a tail and as progress. Thread-safe.
/// </summary>
internal sealed class AttemptLog : IDisposable
{
    /// <summary>Bytes of a log that are kept when the plan does not say.</summary>
    public const long DefaultOutputBytes = 64 * 1024 * 1024;

    /// <summary>How the lines begin that Skep itself adds.</summary>
    public const string NoteMark = "[skep: ";

    private readonly Lock _gate = new();
    private readonly MaskingStream _masking;
    private readonly Utf8Repair _repair = new();
    private readonly OutputTail _tail = new();
    private readonly ArrayBufferWriter<byte> _masked = new();
    private readonly ProgressThrottle _progress;
    private readonly LogFile _file;
    private readonly string _relativePath;
    private bool _finished;

    /// <summary>Makes the log of an attempt; nothing is written before there is output.</summary>
    public AttemptLog(AttemptRequest request, IAttemptContext context, SecretMasker masker)
    {
        _masking = new MaskingStream(masker);
        _relativePath = Path.Combine("logs", $"{request.FileStem}.log");
        _file = new LogFile(Path.Combine(request.RunDirectory, _relativePath), request.Limits.OutputBytes ?? DefaultOutputBytes);
        _progress = new ProgressThrottle(context.Time, () => context.Progress(LastLine()));
    }

    /// <summary>Path relative to the run's folder, or null when no file was written.</summary>
    public string? RelativePath => _file.Exists ? _relativePath : null;

    /// <summary>Whether there is more in the file than the tail holds.</summary>
    public bool ExceedsTail => _file.Exists && _file.Total > AttemptResult.MaxLogTail;

    /// <summary>Adds output as it came.</summary>
    public void Write(ReadOnlySpan<byte> output)
    {
        lock (_gate)
        {
            if (_finished) return;
            _masking.Write(output, _masked);
            Drain();
        }

        _progress.Poke();
    }

    /// <summary>Adds a line of Skep's own, on a line of its own.</summary>
    public void Note(string text) => Write(Encoding.UTF8.GetBytes($"{(EndsWithLine() ? "" : "\n")}{NoteMark}{text}]\n"));

    /// <summary>No more output comes. Returns the tail.</summary>
    public string Finish()
    {
        _progress.Dispose();
        lock (_gate)
        {
            if (_finished) return _tail.Text();
            _finished = true;
            _masking.Flush(_masked);
            Drain();
            _repair.Flush(Keep);
            _file.Finish(_tail.Bytes);
            if (_file.Problem is { } problem) _tail.Append(Encoding.UTF8.GetBytes($"\n[skep: {problem}]\n"));
            return _tail.Text();
        }
    }

    /// <inheritdoc />
    public void Dispose() => Finish();

    private void Drain()
    {
        _repair.Write(_masked.WrittenSpan, Keep);
        _masked.ResetWrittenCount();
    }

    private void Keep(ReadOnlySpan<byte> text)
    {
        _file.Write(text);
        _tail.Append(text);
    }

    private bool EndsWithLine()
    {
        lock (_gate) return _tail.Bytes is [] or [.., (byte)'\n'];
    }

    private string LastLine()
    {
        lock (_gate) return _tail.LastLine();
    }
}
