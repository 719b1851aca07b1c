using System.Text.Json;

namespace Skep.Client.Commands.Memory;

/// <summary>Vectors as people give them: a JSON array of numbers, or <c>@FILE</c> with one.</summary>
internal static class VectorText
{
    /// <summary>Most bytes of a file with a vector.</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <exception cref="CliException">It is none.</exception>
    public static float[] Parse(CliContext cli, string given)
    {
        var text = given.StartsWith('@') ? Read(cli, given[1..]) : given;
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Array) return [.. document.RootElement.EnumerateArray().Select(Number)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new CliException(ExitCodes.Usage, $"the vector is not a JSON array of numbers: {e.Message}");
        }

        throw new CliException(ExitCodes.Usage, "the vector is not a JSON array of numbers, such as [0.1, -0.2, 0.3]");
    }

    private static float Number(JsonElement number) =>
        number.GetSingle() is var single && float.IsFinite(single) ? single : throw new FormatException($"{number.GetRawText()} does not fit 32 bits");

    private static string Read(CliContext cli, string file)
    {
        using var stream = Files.OpenToRead(cli, file);
        if (stream.CanSeek && stream.Length > MaxBytes) throw new CliException(ExitCodes.Usage, $"'{file}' has {stream.Length} bytes; a vector in JSON has at most {MaxBytes}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
