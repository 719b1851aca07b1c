using Microsoft.Win32.SafeHandles;
using Skep.Vectors.Collections;

namespace Skep.Vectors.Tests.Collections;

/// <summary>
/// A disk on which only what was synced is certain: before each sync, move and delete it makes a copy of the folder in which a random part of everything that was not
/// synced yet never happened. Names count as certain once their folder was synced.
/// </summary>
internal sealed class PowerCutFiles(string folder, string copies, int seed, Func<int> acknowledged) : FileSystem
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<SafeFileHandle, string> _paths = [];
    private readonly List<(string Path, long Length, long Offset, byte[] Before)> _writes = [];
    private readonly List<(string From, string To, byte[]? Before)> _moves = [];
    private readonly Lock _lock = new();

    /// <summary>Copies, with how many steps had been acknowledged when the power was cut.</summary>
    public List<(string Folder, int Acknowledged)> Copies { get; } = [];

    public override SafeFileHandle Create(string path)
    {
        lock (_lock)
        {
            var file = base.Create(path);
            _writes.RemoveAll(w => w.Path == path);
            _paths[file] = path;
            return file;
        }
    }

    public override SafeFileHandle OpenWrite(string path)
    {
        lock (_lock)
        {
            var file = base.OpenWrite(path);
            _paths[file] = path;
            return file;
        }
    }

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        lock (_lock)
        {
            var before = new byte[bytes.Length];
            var read = RandomAccess.Read(file, before, offset);
            _writes.Add((_paths[file], RandomAccess.GetLength(file), offset, before[..read]));
            base.Write(file, bytes, offset);
        }
    }

    public override void Sync(SafeFileHandle file)
    {
        lock (_lock)
        {
            CutPower();
            base.Sync(file);
            _writes.RemoveAll(w => w.Path == _paths[file]);
        }
    }

    public override void Move(string from, string to)
    {
        lock (_lock)
        {
            CutPower();
            _moves.Add((from, to, File.Exists(to) ? File.ReadAllBytes(to) : null));
            base.Move(from, to);
            foreach (var file in _paths.Where(p => p.Value == from).Select(p => p.Key).ToList()) _paths[file] = to;
        }
    }

    public override void Delete(string path)
    {
        lock (_lock)
        {
            CutPower();
            base.Delete(path);
        }
    }

    public override void SyncFolder(string path)
    {
        lock (_lock)
        {
            CutPower();
            base.SyncFolder(path);
            _moves.Clear();
        }
    }

    private void CutPower()
    {
        var copy = Path.Combine(copies, $"{Copies.Count}");
        Directory.CreateDirectory(copy);
        foreach (var path in Directory.GetFiles(folder).Where(p => Path.GetFileName(p) != "LOCK")) File.Copy(path, Path.Combine(copy, Path.GetFileName(path)));
        // From the last to the first, so that a file gets back what it held before those that are undone.
        var share = _random.NextDouble();
        foreach (var write in Enumerable.Reverse(_writes).Where(_ => _random.NextDouble() < share)) Undo(Path.Combine(copy, Path.GetFileName(write.Path)), write.Length, write.Offset, write.Before);
        foreach (var (from, to, before) in Enumerable.Reverse(_moves).Where(_ => _random.NextDouble() < share)) UndoMove(copy, from, to, before);
        Copies.Add((copy, acknowledged()));
    }

    private static void Undo(string path, long length, long offset, byte[] before)
    {
        if (!File.Exists(path)) return;
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var end = RandomAccess.GetLength(file);
        if (offset + before.Length <= end) RandomAccess.Write(file, before, offset);
        // What was new is gone: as zeros if something behind it stayed, else the file is shorter.
        if (end <= length) return;
        var hole = new byte[Math.Max(0, end - Math.Max(length, offset + before.Length))];
        if (hole.Length > 0 && hole.Length < end - length) RandomAccess.Write(file, hole, end - hole.Length);
        else RandomAccess.SetLength(file, length);
    }

    private static void UndoMove(string copy, string from, string to, byte[]? before)
    {
        var (old, moved) = (Path.Combine(copy, Path.GetFileName(from)), Path.Combine(copy, Path.GetFileName(to)));
        if (!File.Exists(moved)) return;
        File.Move(moved, old, overwrite: true);
        if (before is not null) File.WriteAllBytes(moved, before);
    }
}
