using Microsoft.Win32.SafeHandles;

namespace Skep.Agents.Tools;

/// <summary>Something that a walk came by.</summary>
/// <param name="Folder">The open folder that it lies in.</param>
/// <param name="Path">Its path.</param>
/// <param name="Facts">What it is.</param>
internal readonly record struct SandboxEntry(SafeFileHandle Folder, SandboxPath Path, FileFacts Facts);

/// <summary>Goes through a folder of a sandbox and all beneath, names in ordinal order; never through a link, and not into what is closed or belongs to git.</summary>
internal sealed class SandboxWalk(Func<SandboxEntry, bool> visit, int maxDepth, CancellationToken cancel)
{
    /// <summary>Most entries that one walk looks at.</summary>
    public const int MaxEntries = 20_000;

    /// <summary>Most entries of one folder.</summary>
    public const int MaxInFolder = 5_000;

    private int _left = MaxEntries;

    /// <summary>Why something may be missing, or null.</summary>
    public string? Incomplete { get; private set; }

    /// <summary>Walks. <c>visit</c> ends it with false.</summary>
    public void Run(FileSandbox sandbox, SandboxPath from)
    {
        using var folder = sandbox.OpenFolder(from);
        Enter(folder, from, maxDepth);
    }

    private bool Enter(SafeFileHandle folder, SandboxPath path, int depth)
    {
        var names = PosixFiles.Names(folder, MaxInFolder, out var more, out var unreadable);
        if (more) Incomplete = $"'{path.Text}' holds more than {MaxInFolder} entries, not all are shown";
        else if (unreadable > 0) Incomplete ??= $"'{path.Text}' holds {unreadable} entries whose names are no UTF-8";
        foreach (var name in names)
        {
            cancel.ThrowIfCancellationRequested();
            if (_left-- == 0)
            {
                Incomplete = $"more than {MaxEntries} entries: name a folder further down";
                return false;
            }

            if (PosixFiles.Look(folder, name) is not { } facts) continue;
            var entry = new SandboxEntry(folder, path.In(name), facts);
            if (!visit(entry)) return false;
            if (facts.Kind == FileKind.Folder && depth > 1 && entry.Path.Names.Count < SandboxPath.MaxDepth && !IsLeftOut(entry.Path) && !Descend(entry, depth)) return false;
        }

        return true;
    }

    private bool Descend(SandboxEntry entry, int depth)
    {
        using var inner = PosixFiles.OpenFolder(entry.Folder, entry.Path.Name);
        return inner.IsInvalid || Enter(inner, entry.Path, depth - 1);
    }

    private static bool IsLeftOut(SandboxPath path) => string.Equals(path.Name, ".git", StringComparison.OrdinalIgnoreCase) || ProtectedNames.IsClosed(path.Name);
}
