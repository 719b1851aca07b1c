using System.Text;
using Skep.Orchestration.Output;
using Skep.Orchestration.Processes;

namespace Skep.Orchestration.Commands;

/// <summary>The file that a task writes its outputs to (<c>echo "recall=0.97" &gt;&gt; "$SKEP_OUTPUT"</c>). One per attempt, readable by its owner only, deleted afterwards.</summary>
internal sealed class OutputFile : IDisposable
{
    /// <summary>Largest file.</summary>
    public const int MaxBytes = 1024 * 1024;

    private OutputFile(string path) => Path = path;

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>Creates an empty file.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    public static OutputFile Create(AttemptRequest request)
    {
        var folder = System.IO.Path.Combine(request.RunDirectory, "outputs");
        OwnerOnly.CreateFolder(folder);
        var file = new OutputFile(System.IO.Path.Combine(folder, request.FileStem));
        // A file of that name can only be what a crash left of the same attempt.
        Remove(file.Path);
        OwnerOnly.CreateFile(file.Path).Dispose();
        return file;
    }

    /// <summary>Reads the outputs after the task has ended.</summary>
    /// <exception cref="OutputFormatException">They are malformed; the message names the line.</exception>
    public Dictionary<string, string> Read()
    {
        var info = new FileInfo(Path);
        if (!info.Exists && !Directory.Exists(Path)) return [];
        if (info.LinkTarget is not null) throw new OutputFormatException("SKEP_OUTPUT was replaced by a link: write into the file that it names");
        if (info is { Exists: true, Length: > MaxBytes })
            throw new OutputFormatException($"SKEP_OUTPUT is larger than {Quantity.Bytes(MaxBytes)} ({Quantity.Bytes(info.Length)}): write large results to a file and list it in 'produces'");
        return OutputParser.Parse(ReadText());
    }

    /// <summary>Deletes the file.</summary>
    public void Dispose()
    {
        try
        {
            Remove(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays in the run's folder and goes with it.
        }
    }

    /// <summary>The task may have put a folder in its place.</summary>
    private static void Remove(string path)
    {
        if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null) Directory.Delete(path, recursive: true);
        else File.Delete(path);
    }

    private string ReadText()
    {
        var bytes = PlainFile.ReadAll(Path, MaxBytes)
            ?? throw new OutputFormatException("SKEP_OUTPUT is no plain file any more: write into the file that it names");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new OutputFormatException("SKEP_OUTPUT is not UTF-8 text", e);
        }
    }
}
