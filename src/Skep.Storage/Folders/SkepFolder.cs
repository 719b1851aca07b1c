using Skep.Storage.Unix;

namespace Skep.Storage;

/// <summary>The <c>.skep</c> folder of a project: the database, blobs, run folders, the lock and the socket.</summary>
public sealed class SkepFolder
{
    /// <summary>Name of the folder.</summary>
    public const string Name = ".skep";

    private readonly Lazy<string> _socketPath;

    private SkepFolder(string root)
    {
        Root = root;
        _socketPath = new Lazy<string>(() => SocketLocation.For(root));
    }

    /// <summary>Full path of the folder, all links resolved.</summary>
    public string Root { get; }

    /// <summary>The project's directory, which contains the folder.</summary>
    public string ProjectPath => Path.GetDirectoryName(Root) ?? Root;

    /// <summary>The SQLite database.</summary>
    public string DatabasePath => Path.Combine(Root, "skep.db");

    /// <summary>The file that the owning process holds locked.</summary>
    public string LockPath => Path.Combine(Root, "lock");

    /// <summary>Folder of the content-addressed blobs.</summary>
    public string BlobsPath => Path.Combine(Root, "blobs");

    /// <summary>Folder of the runs' own folders.</summary>
    public string RunsPath => Path.Combine(Root, "runs");

    /// <summary>
    /// The Unix socket on which the owner listens. Where the folder's own path is too long for a socket it lies in the user's
    /// runtime directory or in a private directory below <c>/tmp</c>; that directory is made when this is first asked.
    /// </summary>
    /// <exception cref="StorageException">There is no place for it that belongs to this user alone.</exception>
    public string SocketPath => _socketPath.Value;

    /// <summary>The folder of one run's files. It is not created.</summary>
    /// <param name="runId">Letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most <see cref="StorageLimits.MaxStreamIdLength"/>; it cannot lead out of <see cref="RunsPath"/>.</param>
    /// <exception cref="ArgumentException">The id is not of that form.</exception>
    public string RunPath(string runId)
    {
        if (!IsPlainName(runId))
            throw new ArgumentException($"'{runId}' cannot name a run's folder: use at most {StorageLimits.MaxStreamIdLength} letters, digits, '-', '_' and '.', not starting or ending with '.'", nameof(runId));
        return Path.Combine(RunsPath, runId);
    }

    /// <summary>Looks for the folder in a directory and all directories above it, as git does.</summary>
    /// <param name="startDirectory">Where to begin.</param>
    /// <param name="trustForeignOwner">
    /// Accept a folder of another user. What it contains is resumed and executed, so by default somebody else's folder is refused.
    /// </param>
    /// <returns>The nearest folder, or null when there is none.</returns>
    /// <exception cref="StorageException">The nearest folder belongs to another user.</exception>
    public static SkepFolder? Find(string startDirectory, bool trustForeignOwner = false)
    {
        for (var at = Path.GetFullPath(startDirectory); at is not null; at = Path.GetDirectoryName(at))
        {
            var candidate = Path.Combine(at, Name);
            if (!Directory.Exists(candidate)) continue;
            if (!trustForeignOwner) RefuseForeign(candidate);
            return new SkepFolder(Directories.Resolve(candidate));
        }

        return null;
    }

    /// <summary>Makes the folder in a directory, readable for this user alone, or opens the one that is there.</summary>
    /// <exception cref="StorageException">It cannot be made, or belongs to another user.</exception>
    public static SkepFolder Create(string directory)
    {
        var root = Path.Combine(Path.GetFullPath(directory), Name);
        try
        {
            if (Directory.Exists(root)) RefuseForeign(root);
            Directories.CreatePrivate(root);
            var folder = new SkepFolder(Directories.Resolve(root));
            Directories.CreatePrivate(folder.BlobsPath);
            Directories.CreatePrivate(folder.RunsPath);
            CreateFile(Path.Combine(folder.Root, ".gitignore"), "*\n"u8);
            CreateFile(folder.LockPath, default);
            Directories.Sync(folder.Root);
            return folder;
        }
        catch (Exception e) when (FileFaults.IsFileFault(e))
        {
            throw FileFaults.Map(e, "create the folder", root);
        }
    }

    private static bool IsPlainName(string name) =>
        name is { Length: > 0 and <= StorageLimits.MaxStreamIdLength }
        && name[0] != '.' && name[^1] != '.'
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static void RefuseForeign(string path)
    {
        if (FileOwner.Of(path, followLinks: true) is not { IsOurs: false } owner) return;
        throw new StorageException(
            StorageFault.ReadOnly,
            $"the folder '{path}' belongs to user {owner.UserId}, not to you: plans in it would run with your rights; change its owner, or work in another directory");
    }

    private static void CreateFile(string path, ReadOnlySpan<byte> content)
    {
        if (File.Exists(path)) return;
        using var file = Directories.OpenPrivate(path, FileMode.OpenOrCreate, FileShare.ReadWrite);
        file.Write(content);
    }
}
