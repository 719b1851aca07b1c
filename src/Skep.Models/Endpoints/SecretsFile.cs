using System.Text;

namespace Skep.Models.Endpoints;

/// <summary>
/// Keys in a file that only its owner may read: a line <c>NAME=VALUE</c> each; blank lines and lines that begin with <c>#</c> are passed over, quotes around
/// a value and <c>export</c> before a name are taken off. No message ever holds a value.
/// </summary>
internal static class SecretsFile
{
    /// <summary>Its name in the .skep folder.</summary>
    public const string FileName = "secrets";

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The values by name; empty when there is no file.</summary>
    /// <exception cref="ModelConfigurationException">Others may read it, or a line is not NAME=VALUE.</exception>
    public static Dictionary<string, string> Read(string path)
    {
        var bytes = SmallFile.Read(path, file => CheckMode(file, path));
        return bytes is null ? [] : Parse(Encoding.UTF8.GetString(bytes), path);
    }

    internal static Dictionary<string, string> Parse(string text, string path)
    {
        var values = new Dictionary<string, string>();
        var number = 0;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = raw.Trim().Trim('\ufeff');
            if (line.IsEmpty || line[0] == '#') continue;
            if (line.StartsWith("export ")) line = line["export ".Length..].TrimStart();
            var equals = line.IndexOf('=');
            if (equals <= 0 || !IsName(line[..equals])) throw new ModelConfigurationException($"{path} line {number} is not NAME=VALUE (letters, digits and _ in NAME, no blanks around '=')");
            var name = line[..equals].ToString();
            if (!values.TryAdd(name, Unquoted(line[(equals + 1)..]).ToString())) throw new ModelConfigurationException($"{path} line {number} names {name} a second time. Remove one of them");
        }

        return values;
    }

    private static void CheckMode(FileStream file, string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var mode = File.GetUnixFileMode(file.SafeFileHandle);
        if ((mode | Owner) == Owner) return;
        var octal = Convert.ToString((int)mode, 8).PadLeft(4, '0');
        throw new ModelConfigurationException($"{path} has permissions {octal}: keys must be readable by their owner only. Run: chmod 600 '{path}'");
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        return !char.IsAsciiDigit(name[0]);
    }

    private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> value) =>
        value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;
}
