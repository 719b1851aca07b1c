using Skep.Storage.Sqlite;

namespace Skep.Storage;

/// <summary>Brings the tables of components up to date, and tells which are there.</summary>
internal static class ModuleRegistry
{
    private const string Table = "CREATE TABLE IF NOT EXISTS modules (name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID";

    /// <summary>Runs the steps that are missing, all modules in one transaction; writes nothing when all is up to date.</summary>
    internal static void Apply(Database database, IReadOnlyList<StoreModule> modules)
    {
        var behind = modules.Where(m => Behind(database, m)).ToList();
        if (behind.Count == 0) return;
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            database.Execute(Table);
            foreach (var module in behind) Upgrade(database, module);
            database.Execute("COMMIT");
        }
        catch
        {
            database.Rollback();
            throw;
        }
    }

    /// <summary>The version of a module's tables; 0 when there are none.</summary>
    internal static int VersionOf(Database database, string module)
    {
        if (database.QueryLong("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'modules'") == 0) return 0;
        using var statement = database.PrepareOnce("SELECT version FROM modules WHERE name = ?1");
        return statement.Bind(1, module).Step() ? (int)statement.Number(0) : 0;
    }

    private static bool Behind(Database database, StoreModule module)
    {
        var version = VersionOf(database, module.Name);
        return version <= module.Steps.Count ? version < module.Steps.Count : throw TooNew(database, module, version);
    }

    /// <summary>The fault of tables that a newer program has made.</summary>
    internal static StorageException TooNew(Database database, StoreModule module, int version) => new(
        StorageFault.TooNew,
        $"the tables '{module.Name}' in '{database.Path}' have version {version}, this program knows versions up to {module.Steps.Count}: use the newer program that wrote them");

    private static void Upgrade(Database database, StoreModule module)
    {
        for (var version = VersionOf(database, module.Name); version < module.Steps.Count; version++) database.Execute(module.Steps[version]);
        using var statement = database.PrepareOnce("INSERT INTO modules (name, version) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET version = excluded.version");
        statement.Bind(1, module.Name).Bind(2, module.Steps.Count).Run();
    }
}
