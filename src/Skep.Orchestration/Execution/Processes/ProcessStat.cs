using System.Buffers.Text;
using System.Text;

namespace Skep.Orchestration.Processes;

/// <summary>A process as <c>/proc/PID/stat</c> shows it.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Name">Name of the program, cut at 15 bytes by the kernel.</param>
/// <param name="State">State letter; see <see cref="IsDead"/>.</param>
/// <param name="Parent">Process id of the parent.</param>
/// <param name="Group">Process group.</param>
/// <param name="Session">Session.</param>
/// <param name="CpuTicks">User and system time of it and of the children that it waited for, in clock ticks.</param>
/// <param name="StartTicks">When it started, in ticks since boot. With the process id it names a process for good.</param>
/// <param name="RssPages">Resident pages.</param>
internal readonly record struct ProcessStat(
    int Pid, string Name, char State, int Parent, int Group, int Session, long CpuTicks, long StartTicks, long RssPages)
{
    // Positions in the line after the closing parenthesis of the name, from 0.
    private const int StateField = 0, ParentField = 1, GroupField = 2, SessionField = 3, FirstTimeField = 11, LastTimeField = 14, StartField = 19, RssField = 21;

    /// <summary>Ended, and only waiting for its parent to notice.</summary>
    public bool IsDead => State is 'Z' or 'X' or 'x';

    /// <summary>Reads a line of the form <c>pid (name) state parent …</c>; the name may itself hold blanks and parentheses.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ProcessStat stat)
    {
        stat = default;
        int open = line.IndexOf((byte)'('), close = line.LastIndexOf((byte)')');
        if (open < 1 || close < open || !Utf8Parser.TryParse(line, out int pid, out _)) return false;

        Span<long> fields = stackalloc long[RssField + 1];
        var state = '?';
        var rest = line[(close + 1)..];
        for (var i = 0; i <= RssField; i++)
        {
            rest = rest.TrimStart((byte)' ');
            if (rest.IsEmpty) return false;
            var end = rest.IndexOf((byte)' ');
            var field = end < 0 ? rest : rest[..end];
            if (i == StateField) state = (char)field[0];
            else if (!Utf8Parser.TryParse(field, out fields[i], out _)) fields[i] = 0;
            rest = rest[field.Length..];
        }

        long cpu = 0;
        for (var i = FirstTimeField; i <= LastTimeField; i++) cpu += fields[i];
        stat = new ProcessStat(pid, Encoding.UTF8.GetString(line[(open + 1)..close]), state,
            (int)fields[ParentField], (int)fields[GroupField], (int)fields[SessionField], cpu, fields[StartField], fields[RssField]);
        return true;
    }
}
