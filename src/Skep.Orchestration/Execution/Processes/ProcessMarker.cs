using System.Text;

namespace Skep.Orchestration.Processes;

/// <summary>
/// Recognises the processes of an attempt, or of a whole run, by their environment. It is inherited, so it finds those that left
/// the process group and the session as well, and those of a Skep that ran inside a task of this one.
/// </summary>
internal sealed class ProcessMarker
{
    private const string Separator = "::";

    /// <summary>Variable with the marks of all attempts around this one, outermost first, one a line; its own is the last.</summary>
    public const string LineageVariable = "SKEP_LINEAGE";

    private static readonly byte[] LineagePrefix = Encoding.UTF8.GetBytes(LineageVariable + "=");

    private readonly byte[] _mark;
    private readonly bool _prefix;

    private ProcessMarker(string mark, bool prefix) => (_mark, _prefix) = (Encoding.UTF8.GetBytes(mark), prefix);

    /// <summary>All processes of one attempt.</summary>
    public static ProcessMarker OfAttempt(AttemptRequest request) => new(MarkOf(request), prefix: false);

    /// <summary>All processes of one run.</summary>
    public static ProcessMarker OfRun(string runDirectory) => new(runDirectory + Separator, prefix: true);

    /// <summary>An attempt's mark. It begins with the run's folder: runs in other folders may have the same id.</summary>
    public static string MarkOf(AttemptRequest request) => $"{request.RunDirectory}{Separator}{request.TaskId}/{request.Attempt}{(request.Part is { } part ? "/" + part : "")}";

    /// <summary>Whether an environment, as NUL-terminated entries, carries the mark.</summary>
    public bool Matches(ReadOnlySpan<byte> environ)
    {
        foreach (var range in environ.Split((byte)0))
            if (environ[range].StartsWith(LineagePrefix) && InLineage(environ[range][LineagePrefix.Length..])) return true;
        return false;
    }

    private bool InLineage(ReadOnlySpan<byte> lineage)
    {
        foreach (var range in lineage.Split((byte)'\n'))
            if (_prefix ? lineage[range].StartsWith(_mark) : lineage[range].SequenceEqual(_mark))
                return true;
        return false;
    }
}
