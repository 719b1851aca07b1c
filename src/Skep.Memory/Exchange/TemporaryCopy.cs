namespace Skep.Memory.Exchange;

/// <summary>A copy of what can be read only once, in a file that only its owner can read and that goes away when closed.</summary>
internal static class TemporaryCopy
{
    internal static async Task<FileStream> OfAsync(Stream source, CancellationToken cancel)
    {
        var file = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
        try
        {
            await source.CopyToAsync(file, cancel);
            await file.FlushAsync(cancel);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
