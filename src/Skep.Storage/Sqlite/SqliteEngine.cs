using System.Runtime.InteropServices;
using SQLitePCL;

namespace Skep.Storage.Sqlite;

/// <summary>
/// Chooses the native SQLite library, once per process: the one that comes with the program or the system's, whichever is newer.
/// The environment variable <c>SKEP_SQLITE</c> (<c>bundled</c> or <c>system</c>) forces one.
/// </summary>
internal static unsafe class SqliteEngine
{
    private const string BundledName = "e_sqlite3";

    /// <summary>The oldest that has everything that is used here (UPSERT, WITHOUT ROWID, RETURNING).</summary>
    private const int OldestUsable = 3_035_000;

    private static readonly Lazy<string> Loaded = new(Load);

    /// <summary>Version and origin, such as <c>3.40.1 (system)</c>.</summary>
    /// <exception cref="StorageException">No usable library was found.</exception>
    internal static string Version => Loaded.Value;

    private static string SystemName =>
        OperatingSystem.IsWindows() ? "winsqlite3" : OperatingSystem.IsMacOS() ? "libsqlite3.dylib" : "libsqlite3.so.0";

    private static string Load()
    {
        var provider = typeof(SQLite3Provider_e_sqlite3).Assembly;
        var bundled = NativeLibrary.TryLoad(BundledName, provider, null, out var ours) ? ours : 0;
        var system = NativeLibrary.TryLoad(SystemName, out var theirs) && IsThreadSafe(theirs) ? theirs : 0;
        var chosen = Choose(bundled, system);
        NativeLibrary.SetDllImportResolver(provider, (name, _, _) => name == BundledName ? chosen : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
        return $"{raw.sqlite3_libversion().utf8_to_string()} ({(chosen == bundled ? "bundled" : "system")})";
    }

    private static nint Choose(nint bundled, nint system)
    {
        var forced = Environment.GetEnvironmentVariable("SKEP_SQLITE");
        var chosen = forced switch
        {
            null or "" => VersionOf(system) > VersionOf(bundled) ? system : bundled,
            "bundled" => bundled,
            "system" => system,
            _ => throw new StorageException(StorageFault.Io, $"SKEP_SQLITE is '{forced}': set it to 'bundled' or 'system', or unset it"),
        };
        if (VersionOf(chosen) < OldestUsable)
            throw new StorageException(StorageFault.Io, $"no usable SQLite library (3.35 or newer) was found, neither '{BundledName}' beside the program nor '{SystemName}' of the system{(forced is null ? "" : "; SKEP_SQLITE forces one that is missing")}; install SQLite or the complete program");
        return chosen;
    }

    /// <summary>Asks a library its version without binding anything to it; 0 when it is not SQLite.</summary>
    private static int VersionOf(nint library) =>
        library != 0 && NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var ask) ? ((delegate* unmanaged[Cdecl]<int>)ask)() : 0;

    private static bool IsThreadSafe(nint library) =>
        NativeLibrary.TryGetExport(library, "sqlite3_threadsafe", out var ask) && ((delegate* unmanaged[Cdecl]<int>)ask)() != 0;
}
