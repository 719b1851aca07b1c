namespace Skep.Client.Commands.Memory;

/// <summary>Files that are named on the command line.</summary>
internal static class Files
{
    /// <exception cref="CliException">It cannot be read.</exception>
    public static FileStream OpenToRead(CliContext cli, string file)
    {
        try
        {
            return new FileStream(cli.FullPath(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"cannot read '{file}': {e.Message}");
        }
    }

    /// <summary>Writes a file beside its place and moves it there when it is whole: a failure leaves what was there before.</summary>
    /// <exception cref="CliException">It cannot be written.</exception>
    public static T Replace<T>(CliContext cli, string file, Func<Stream, T> write)
    {
        var path = cli.FullPath(file);
        var draft = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            T result;
            using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                result = write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"cannot write '{file}': {e.Message}");
        }
        finally
        {
            if (File.Exists(draft)) File.Delete(draft);
        }
    }
}
