using Skep.Storage.Sqlite;

namespace Skep.Storage.Migrations;

/// <summary>
/// Brings a database to the newest schema. Steps are never edited once released; each runs in a transaction of its own together
/// with the new version number, so a crash leaves the old version or the new one.
/// </summary>
internal static class Migrator
{
    /// <summary>"SKEP": tells our databases from others.</summary>
    internal const int ApplicationId = 0x534B4550;

    private static readonly string[] StepFiles = ["0001_event_log.sql"];

    private static readonly Lazy<IReadOnlyList<string>> EmbeddedSteps = new(() => [.. StepFiles.Select(Load)]);

    /// <summary>The SQL of all steps, in order; step n leads to version n.</summary>
    internal static IReadOnlyList<string> Steps => EmbeddedSteps.Value;

    /// <summary>The version that this program writes.</summary>
    internal static int Newest => StepFiles.Length;

    /// <summary>Reads the version, and refuses files that are not ours or that we would not understand.</summary>
    /// <returns>0 for a new database.</returns>
    internal static int Identify(Database database, int newest)
    {
        var application = database.QueryLong("PRAGMA application_id");
        var version = (int)database.QueryLong("PRAGMA user_version");
        if (application == ApplicationId)
        {
            return version <= newest ? version : throw new StorageException(
                StorageFault.TooNew,
                $"the database '{database.Path}' has schema version {version}, this program knows versions up to {newest}: use the newer program that wrote it");
        }

        if (application == 0 && version == 0 && database.QueryLong("SELECT count(*) FROM sqlite_master") == 0) return 0;
        throw new StorageException(
            StorageFault.Corrupt,
            $"the database '{database.Path}' is not one of Skep's (its application id is {application}, not {ApplicationId}); it was left alone: move it away, or restore the one that was there");
    }

    /// <summary>Runs the steps that are missing.</summary>
    internal static void Apply(Database database, IReadOnlyList<string> steps)
    {
        for (var version = Identify(database, steps.Count); version < steps.Count; version++)
        {
            database.Execute("BEGIN IMMEDIATE");
            try
            {
                database.Execute(steps[version]);
                database.Execute($"PRAGMA application_id={ApplicationId}; PRAGMA user_version={version + 1}; COMMIT;");
            }
            catch
            {
                database.Rollback();
                throw;
            }
        }
    }

    private static string Load(string name)
    {
        using var stream = typeof(Migrator).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the migration '{name}' is not part of the program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
