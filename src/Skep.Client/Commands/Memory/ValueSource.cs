using System.Text;
using Skep.Memory;

namespace Skep.Client.Commands.Memory;

/// <summary>Where a value comes from: the command line, a file, standard input.</summary>
internal static class ValueSource
{
    /// <summary>Longest value that is sent as text, in bytes.</summary>
    public const int MaxText = 64 * 1024;

    /// <summary>Reads it, and not more of it than can be stored.</summary>
    /// <exception cref="CliException">None was given, or two, or it cannot be read, or is too large.</exception>
    public static byte[] Read(CliContext cli, string? value, string? file)
    {
        if (value is null == file is null) throw new CliException(ExitCodes.Usage, value is null ? "the value is missing: give it after the path, or --file FILE, or - to read it from standard input" : "give a value or --file, not both");
        if (value is not null and not "-") return Encoding.UTF8.GetBytes(value);
        using var source = value is "-" ? cli.OpenIn() : Files.OpenToRead(cli, file!);
        return ReadBounded(source);
    }

    private static byte[] ReadBounded(Stream source)
    {
        var most = new MemoryLimits().MaxValueBytes;
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int count; (count = source.Read(buffer)) > 0;)
        {
            bytes.Write(buffer, 0, count);
            if (bytes.Length > most) throw new CliException(ExitCodes.Refused, $"the value has more than {most} bytes, which is the most that is kept: keep it in a file and store where that is");
        }

        return bytes.ToArray();
    }
}
