using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>The settings of namespaces' vector indexes: those of the longest namespace around an entry that has some, else the default.</summary>
internal static class IndexTable
{
    /// <summary>Most namespaces with settings of their own.</summary>
    internal const int Max = 1_000;

    internal static Dictionary<string, IndexSettings> Load(SqlSession sql)
    {
        var settings = new Dictionary<string, IndexSettings>(StringComparer.Ordinal);
        var rows = sql.Sql("SELECT namespace, version, codes, metric, m, ef FROM memory_indexes ORDER BY namespace");
        while (rows.Step()) settings[rows.Text(0)] = Read(rows);
        rows.Reset();
        return settings;
    }

    /// <summary>Changes the settings of a namespace, which begin with those that it has from further up.</summary>
    internal static IndexSettings Change(SqlSession sql, string name, IndexChange change)
    {
        var there = Load(sql);
        if (!there.ContainsKey(name) && there.Count >= Max) throw new MemoryException(MemoryFault.Full, $"{Max} namespaces have index settings of their own, which is the most: give them to a namespace further up");
        var before = there.GetValueOrDefault(name) ?? NamespaceModels.Load(sql).Of(name).Settings with { Version = 0 };
        var settings = change.Of(before);
        sql.Sql("INSERT OR REPLACE INTO memory_indexes (namespace, version, codes, metric, m, ef) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .Bind(1, name).Bind(2, settings.Version).Bind(3, IndexNames.Of(settings.Codes)).Bind(4, IndexNames.Of(settings.Metric)).Bind(5, settings.M).Bind(6, settings.Ef).Run();
        return settings;
    }

    private static IndexSettings Read(SqlStatement row)
    {
        try
        {
            return new IndexSettings { Version = (int)row.Number(1), Codes = IndexNames.Codes(row.Text(2)), Metric = IndexNames.Metric(row.Text(3)), M = (int)row.Number(4), Ef = (int)row.Number(5) };
        }
        catch (MemoryException e)
        {
            throw new StorageException(StorageFault.Corrupt, $"the index settings of namespace '{row.Text(0)}' in the database are damaged ({e.Message}): restore the folder from a backup");
        }
    }
}
