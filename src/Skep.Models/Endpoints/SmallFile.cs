namespace Skep.Models.Endpoints;

/// <summary>Reads configuration, which is small.</summary>
internal static class SmallFile
{
    /// <summary>Longest file that is read, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The bytes of a file; null when there is none.</summary>
    /// <param name="path">Which file.</param>
    /// <param name="check">Looks at the open file before anything is read: what is checked is what is read.</param>
    /// <exception cref="ModelConfigurationException">It cannot be read, or is too long.</exception>
    public static byte[]? Read(string path, Action<FileStream>? check = null)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            check?.Invoke(file);
            if (file.Length > MaxBytes) throw new ModelConfigurationException($"{path} is longer than {MaxBytes} bytes. Is it the right file?");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ModelConfigurationException($"{path} cannot be read: {failed.Message}", failed);
        }
    }
}
