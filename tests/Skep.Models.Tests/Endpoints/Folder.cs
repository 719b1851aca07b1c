using Skep.Models.Endpoints;

namespace Skep.Models.Tests.Endpoints;

/// <summary>A .skep folder and an environment of a test's own.</summary>
internal sealed class Folder : IDisposable
{
    public Folder() => Path = Directory.CreateTempSubdirectory("skep-models-").FullName;

    public string Path { get; }

    public Dictionary<string, string> Variables { get; } = [];

    public HttpMessageHandler? Handler { get; set; }

    public string Write(string name, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
        return path;
    }

    public ModelSource Source(Func<ModelEndpoint, Skep.Models.Limits.IProviderGate>? gate = null)
    {
        var options = new ModelSourceOptions { Environment = name => Variables.GetValueOrDefault(name), Handler = _ => Handler ?? throw new InvalidOperationException("nothing is to be sent") };
        return new(Path, gate is null ? options : options with { Gate = gate });
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
