using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Skep.Orchestration.Processes;

namespace Skep.Agents.Tools;

/// <summary>
/// One folder, and no way out of it. Every step goes from an open folder to what lies directly in it and never through a link, so it does not matter what
/// others put in the way meanwhile: a file that was opened is one that lies below the root. Blocks its thread; disposing it closes the folder.
/// </summary>
internal sealed class FileSandbox : IDisposable
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const int MaxReadBytes = 8 * 1024 * 1024;

    /// <summary>Largest file that is written, in bytes.</summary>
    public const int MaxWriteBytes = 2 * 1024 * 1024;

    private readonly SafeFileHandle _root;
    private readonly bool _oneStep;

    private FileSandbox(string root, SafeFileHandle handle, bool oneStep) => (RootPath, _root, _oneStep) = (root, handle, oneStep);

    /// <summary>Absolute path of the folder, without links.</summary>
    public string RootPath { get; }

    /// <summary>Opens a sandbox.</summary>
    /// <param name="root">The folder; its own path is trusted.</param>
    /// <param name="oneStep">Whether the kernel may resolve paths in one step where it can; false walks from folder to folder, as without openat2.</param>
    /// <exception cref="ToolRefusal">There is no such folder.</exception>
    public static FileSandbox Open(string root, bool oneStep = true)
    {
        UnixSystem.EnsureSupported();
        var real = UnixSystem.RealPath(root) ?? throw new ToolRefusal($"your folder '{root}' does not exist: a person must create it, or correct 'cwd' in the plan");
        var handle = PosixFiles.OpenRoot(real);
        if (!handle.IsInvalid) return new FileSandbox(real, handle, oneStep);
        throw new ToolRefusal($"your folder '{root}' cannot be opened: {UnixSystem.Describe(Marshal.GetLastPInvokeError())}");
    }

    /// <summary>The path that others know a file by. Says nothing about what is there.</summary>
    public string FullPath(SandboxPath path) => Path.Combine([RootPath, .. path.Names]);

    /// <summary>What is at a path; null for nothing.</summary>
    /// <exception cref="ToolRefusal">A part of the way is no folder of the sandbox.</exception>
    public FileFacts? Look(SandboxPath path)
    {
        if (path.Names.Count == 0) return PosixFiles.Look(_root);
        using var folder = FindFolder(path, path.Names.Count - 1, out var missing);
        return missing ? null : PosixFiles.Look(folder!, path.Name);
    }

    /// <summary>Opens a folder.</summary>
    /// <exception cref="ToolRefusal">There is none, or the way leads through a link.</exception>
    public SafeFileHandle OpenFolder(SandboxPath path) =>
        FindFolder(path, path.Names.Count, out _) ?? throw new ToolRefusal($"'{path.Text}' does not exist: list_files shows what does");

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="ToolRefusal">There is none, it is no plain file, is closed to tools, or is too large.</exception>
    public byte[] Read(SandboxPath path, out FileFacts facts, int most = MaxReadBytes)
    {
        if (ProtectedNames.ForReading(path) is { } closed) throw new ToolRefusal(closed);
        using var folder = FindFolder(path, path.Names.Count - 1, out _) ?? throw Missing(path);
        return ReadIn(folder, path, out facts, most);
    }

    /// <summary>Reads a whole file of a folder that is open.</summary>
    /// <exception cref="ToolRefusal">As <see cref="Read"/>.</exception>
    public static byte[] ReadIn(SafeFileHandle folder, SandboxPath path, out FileFacts facts, int most = MaxReadBytes)
    {
        // Looked at before: to open a pipe or a device may itself do something.
        RequirePlain(path, PosixFiles.Look(folder, path.Name) ?? throw Missing(path));
        using var file = PosixFiles.OpenToRead(folder, path.Name);
        if (file.IsInvalid) throw Refuse(path, "cannot be read", Marshal.GetLastPInvokeError());
        facts = RequirePlain(path, PosixFiles.Look(file) ?? throw Refuse(path, "cannot be read", Marshal.GetLastPInvokeError()));
        if (facts.Size > most) throw new ToolRefusal($"'{path.Text}' has {facts.Size} bytes; at most {most} are read: search_files finds single lines in it only below that, so ask for a smaller file");
        var bytes = new byte[facts.Size];
        var count = 0;
        for (int read; count < bytes.Length && (read = RandomAccess.Read(file, bytes.AsSpan(count), count)) > 0;) count += read;
        return count == bytes.Length ? bytes : bytes[..count];
    }

    /// <summary>
    /// Writes a whole file, in one step for everybody who looks: the old content or the new one. Folders on the way are made. A file that is replaced keeps its
    /// rights, a new one gets those that the umask leaves.
    /// </summary>
    /// <param name="path">Where.</param>
    /// <param name="content">What.</param>
    /// <param name="tag">Names the write, for the temporary file: letters and digits.</param>
    /// <param name="expected">What must be there: what was read. Null writes over whatever plain file there is.</param>
    /// <exception cref="ToolRefusal">It may not be written, or there is something else than a plain file.</exception>
    public void Write(SandboxPath path, ReadOnlySpan<byte> content, string tag, FileFacts? expected = null)
    {
        if (ProtectedNames.ForWriting(path) is { } closed) throw new ToolRefusal(closed);
        if (content.Length > MaxWriteBytes) throw new ToolRefusal($"{content.Length} bytes are too many for one file; at most {MaxWriteBytes} are written");
        using var folder = expected is null ? MakeFolders(path) : FindFolder(path, path.Names.Count - 1, out _) ?? throw Missing(path);
        var before = RequireReplaceable(path, PosixFiles.Look(folder, path.Name), expected);
        var temporary = $".{tag}.skep-tmp";
        try
        {
            WriteTemporary(folder, path, temporary, content, before);
            // What was put there meanwhile is not overwritten unseen; between this look and the rename little remains.
            var now = RequireReplaceable(path, PosixFiles.Look(folder, path.Name), expected);
            if (now is { } found && before is { } old && !found.IsSame(old)) throw Changed(path);
            var error = PosixFiles.Rename(folder, temporary, path.Name);
            if (error != 0) throw Refuse(path, "cannot be written", error);
        }
        catch
        {
            _ = PosixFiles.Remove(folder, temporary);
            throw;
        }

        _ = PosixFiles.Flush(folder);
    }

    /// <inheritdoc />
    public void Dispose() => _root.Dispose();

    private static void WriteTemporary(SafeFileHandle folder, SandboxPath path, string temporary, ReadOnlySpan<byte> content, FileFacts? before)
    {
        // Of an earlier delivery of the same call that died; or somebody's link, which goes instead of being followed.
        _ = PosixFiles.Remove(folder, temporary);
        using var file = PosixFiles.CreateNew(folder, temporary, before is null ? 0x1B6u : 0x180u);
        if (file.IsInvalid) throw Refuse(path, "cannot be written", Marshal.GetLastPInvokeError());
        RandomAccess.Write(file, content, 0);
        if (before is { } old) PosixFiles.Dress(file, old);
        var error = PosixFiles.Flush(file);
        if (error != 0) throw Refuse(path, "cannot be written", error);
    }

    private static FileFacts RequirePlain(SandboxPath path, FileFacts facts) => facts switch
    {
        { Kind: FileKind.Link } => throw IsLink(path.Text),
        { Kind: FileKind.Folder } => throw new ToolRefusal($"'{path.Text}' is a folder: list_files shows what is in it"),
        { Kind: FileKind.Special } => throw new ToolRefusal($"'{path.Text}' is no plain file but a pipe, socket or device"),
        { Links: > 1 } => throw new ToolRefusal($"'{path.Text}' has {facts.Links} names (hard links), one of which may lie outside your folder: it is neither read nor written"),
        _ => facts,
    };

    private static FileFacts? RequireReplaceable(SandboxPath path, FileFacts? found, FileFacts? expected)
    {
        if (found is null) return expected is null ? null : throw Changed(path);
        RequirePlain(path, found.Value);
        if (expected is { } known && !found.Value.IsSame(known)) throw Changed(path);
        return found;
    }

    /// <summary>The folder of the first names of a path; null where a part is missing.</summary>
    private SafeFileHandle? FindFolder(SandboxPath path, int names, out bool missing)
    {
        missing = false;
        // Where the kernel does not do it, or there is something to be said about a part of the way: the walk is as safe, and knows which.
        return OneStep(path, names) ?? Walk(path, names, make: false, out missing);
    }

    private SafeFileHandle MakeFolders(SandboxPath path) => OneStep(path, path.Names.Count - 1) ?? Walk(path, path.Names.Count - 1, make: true, out _) ?? throw Missing(path);

    private SafeFileHandle? OneStep(SandboxPath path, int names) => _oneStep ? PosixFiles.OpenBeneath(_root, names == 0 ? "." : string.Join('/', path.Names.Take(names))) : null;

    private SafeFileHandle? Walk(SandboxPath path, int names, bool make, out bool missing)
    {
        missing = false;
        var folder = PosixFiles.OpenFolder(_root, ".");
        for (var i = 0; i < names; i++)
        {
            var outer = folder;
            try
            {
                if (PosixFiles.Look(outer, path.Names[i]) is not { } facts)
                {
                    missing = !make;
                    if (!make) return null;
                    var error = PosixFiles.MakeFolder(outer, path.Names[i]);
                    if (error is not (0 or PosixFiles.EEXIST)) throw Refuse(path, "cannot be written: its folder cannot be made", error);
                }
                else if (facts.Kind == FileKind.Link) throw IsLink(string.Join('/', path.Names.Take(i + 1)));
                else if (facts.Kind != FileKind.Folder) throw new ToolRefusal($"'{string.Join('/', path.Names.Take(i + 1))}' is no folder");
                folder = PosixFiles.OpenFolder(outer, path.Names[i]);
                if (folder.IsInvalid) throw Refuse(path, $"cannot be reached: the folder '{path.Names[i]}' cannot be opened", Marshal.GetLastPInvokeError());
            }
            finally
            {
                outer.Dispose();
            }
        }

        return folder;
    }

    private static ToolRefusal Missing(SandboxPath path) => new($"'{path.Text}' does not exist: list_files shows what does");

    private static ToolRefusal Changed(SandboxPath path) => new($"'{path.Text}' was changed by somebody else meanwhile, and was left as it is: read it again");

    private static ToolRefusal IsLink(string path) => new($"'{path}' is a link, and links are not followed: use the path of the file itself, if it lies in your folder");

    private static ToolRefusal Refuse(SandboxPath path, string what, int error) => new($"'{path.Text}' {what}: {UnixSystem.Describe(error)}");
}
