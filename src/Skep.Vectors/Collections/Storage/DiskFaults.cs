namespace Skep.Vectors.Collections;

/// <summary>Turns what the file system reports into a <see cref="VectorException"/> that says how to fix it.</summary>
internal static class DiskFaults
{
    /// <summary>ENOSPC.</summary>
    internal const int NoSpace = 28;

    private static readonly int QuotaExceeded = OperatingSystem.IsMacOS() ? 69 : 122;

    /// <summary>Whether an exception is one that <see cref="Map"/> knows how to tell.</summary>
    public static bool IsOne(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>Makes the exception for a failed action on a path.</summary>
    public static VectorException Map(Exception e, string action, string path, string outcome = "")
    {
        var fix = e switch
        {
            UnauthorizedAccessException => "make it writable for this user, or run as its owner",
            { HResult: var code } when code == NoSpace || code == QuotaExceeded => "free some space (or raise the quota) and try again",
            _ => "check the disk and the path",
        };
        return new VectorException(VectorFault.Disk, $"cannot {action} '{path}': {e.Message.TrimEnd('.')}{outcome}; {fix}", e);
    }
}
