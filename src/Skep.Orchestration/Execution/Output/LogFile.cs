using System.Globalization;

namespace Skep.Orchestration.Output;

/// <summary>
/// The full log of an attempt on disk, readable by its owner only. Created with the first output; keeps the first <c>limit</c> bytes and,
/// when there was more, the end. A disk that fails loses the log, not the task's work.
/// </summary>
internal sealed class LogFile(string path, long limit) : IDisposable
{
    private FileStream? _file;
    private long _total;

    /// <summary>What went wrong with the disk, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether a file was created.</summary>
    public bool Exists { get; private set; }

    /// <summary>Bytes of output that there were, kept or not.</summary>
    public long Total => _total;

    /// <summary>Adds text.</summary>
    public void Write(ReadOnlySpan<byte> text)
    {
        var room = Math.Max(0, limit - _total);
        _total += text.Length;
        Append(text.Length <= room ? text : text[..(int)room]);
    }

    /// <summary>Writes the end of a log that was too long, and closes.</summary>
    public void Finish(ReadOnlySpan<byte> tail)
    {
        var missing = _total - limit;
        if (missing > 0)
        {
            if (tail.Length > missing) tail = tail[^(int)missing..];
            var dropped = missing - tail.Length;
            Append(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"\n[skep: {dropped} bytes of output dropped here: the limit is {limit} bytes (limits.output)]\n")));
            Append(tail);
        }

        Dispose();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || Problem is not null) return;
        try
        {
            _file ??= Create();
            _file.Write(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = $"the log '{path}' could not be written: {e.Message}";
        }
    }

    private FileStream Create()
    {
        OwnerOnly.CreateFolder(Path.GetDirectoryName(path)!);
        var file = OwnerOnly.CreateFile(path);
        Exists = true;
        return file;
    }
}
