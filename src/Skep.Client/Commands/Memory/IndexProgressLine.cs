using System.Text.Json;

namespace Skep.Client.Commands.Memory;

/// <summary>Tells on a terminal's error stream how far an index or an import is, in one line that is written over.</summary>
internal sealed class IndexProgressLine(CliContext cli)
{
    private int _width;

    /// <summary>Takes an element of the stream.</summary>
    public void Take(JsonElement element)
    {
        if (!element.TryGetProperty("stage", out _)) return;
        var progress = element.Deserialize(MemoryJson.Default.MemoryProgressMessage)!;
        var line = progress.Total == 0 ? "reading" : $"{(progress.Stage == "entries" ? "storing" : "indexing")} {progress.Stage}: {progress.Done} of {progress.Total}";
        cli.Error.Write($"\r{line.PadRight(_width)}");
        _width = line.Length;
    }

    /// <summary>Wipes the line.</summary>
    public void End()
    {
        if (_width > 0) cli.Error.Write($"\r{new string(' ', _width)}\r");
        _width = 0;
    }
}
