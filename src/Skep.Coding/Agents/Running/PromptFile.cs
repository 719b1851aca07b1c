using System.Text;
using Skep.Orchestration;
using Skep.Orchestration.Output;

namespace Skep.Coding.Agents;

/// <summary>The file that a coding CLI reads its prompt from. One for each attempt, readable by its owner only, deleted afterwards.</summary>
internal sealed class PromptFile : IDisposable
{
    private PromptFile(string path) => Path = path;

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>Writes a prompt.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static PromptFile Write(AttemptRequest request, string prompt)
    {
        var folder = System.IO.Path.Combine(request.RunDirectory, "outputs");
        OwnerOnly.CreateFolder(folder);
        var file = new PromptFile(System.IO.Path.Combine(folder, request.FileStem + ".prompt"));
        // A file of that name can only be what a crash left of the same attempt.
        File.Delete(file.Path);
        using var stream = OwnerOnly.CreateFile(file.Path);
        stream.Write(Encoding.UTF8.GetBytes(prompt));
        return file;
    }

    /// <summary>Deletes the file.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays in the run's folder and goes with it.
        }
    }
}
