using System.Security.Cryptography;

namespace Skep.Server.Access;

/// <summary>The file that holds a server's token, for its owner's eyes only.</summary>
public static class TokenFile
{
    /// <summary>Name of the file in the <c>.skep</c> folder.</summary>
    public const string DefaultName = "server.token";

    private const int TokenBytes = 32;
    private const int MinLength = 16;
    private const int MaxLength = 1024;

    /// <summary>Reads the token; where there is no file, makes a token and the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be read or made, others may read it, or it holds no token. The message says how to mend that.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to somebody else.</exception>
    public static string ReadOrCreate(string path)
    {
        if (!File.Exists(path)) Create(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OfOthers) != UnixFileMode.None)
            throw new IOException($"others may read the token in '{path}'; take that away with 'chmod 600 {path}', or delete the file, and a new one is made");
        using var reader = new StreamReader(path);
        var buffer = new char[MaxLength + 2];
        var token = new string(buffer, 0, reader.ReadBlock(buffer, 0, buffer.Length)).Trim();
        if (token.Length is < MinLength or > MaxLength || !token.All(static c => c is > ' ' and <= '~'))
            throw new IOException($"'{path}' holds no token: it must be one line of {MinLength} to {MaxLength} visible ASCII characters; delete the file, and a new one is made");
        return token;
    }

    private const UnixFileMode OfOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The file appears with its content at once; of two servers that start together one makes it, and both read that.</summary>
    private static void Create(string path)
    {
        var beside = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new StreamWriter(beside, options)) file.WriteLine(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes)));
        try
        {
            File.Move(beside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(beside);
        }
    }
}
