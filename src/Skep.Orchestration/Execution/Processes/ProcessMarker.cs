using System.Text;

namespace Skep.Orchestration.Processes;

/// <summary>
/// Recognises the processes of an attempt, or of a whole run, by their environment. It is inherited, so it finds those that left
/// the process group and the session as well, and those of a Skep that ran inside a task of this one.
/// </summary>
internal sealed class ProcessMarker
{
    /// <summary>Variable with the run.</summary>
    public const string RunVariable = "SKEP_RUN_ID";

    /// <summary>Variable with the attempt.</summary>
    public const string KeyVariable = "SKEP_IDEMPOTENCY_KEY";

    /// <summary>Variable with the keys of all attempts around this one, outermost first, one a line; its own is the last.</summary>
    public const string LineageVariable = "SKEP_LINEAGE";

    private static readonly byte[] LineagePrefix = Encoding.UTF8.GetBytes(LineageVariable + "=");

    private readonly byte[] _entry;
    private readonly byte[] _lineage;
    private readonly bool _prefix;

    private ProcessMarker(string entry, string lineage, bool prefix) =>
        (_entry, _lineage, _prefix) = (Encoding.UTF8.GetBytes(entry), Encoding.UTF8.GetBytes(lineage), prefix);

    /// <summary>All processes of one attempt.</summary>
    public static ProcessMarker OfAttempt(string idempotencyKey) => new($"{KeyVariable}={idempotencyKey}", idempotencyKey, prefix: false);

    /// <summary>All processes of one run.</summary>
    public static ProcessMarker OfRun(string runId) => new($"{RunVariable}={runId}", runId + "/", prefix: true);

    /// <summary>Whether an environment, as NUL-terminated entries, carries the mark.</summary>
    public bool Matches(ReadOnlySpan<byte> environ)
    {
        foreach (var range in environ.Split((byte)0))
        {
            var entry = environ[range];
            if (entry.SequenceEqual(_entry)) return true;
            if (entry.StartsWith(LineagePrefix) && InLineage(entry[LineagePrefix.Length..])) return true;
        }

        return false;
    }

    private bool InLineage(ReadOnlySpan<byte> lineage)
    {
        foreach (var range in lineage.Split((byte)'\n'))
            if (_prefix ? lineage[range].StartsWith(_lineage) : lineage[range].SequenceEqual(_lineage))
                return true;
        return false;
    }
}
