using Skep.Storage.Sqlite;

namespace Skep.Storage;

/// <summary>A connection as a component sees it while its work runs, within a transaction. Not to be kept.</summary>
public sealed class SqlSession
{
    /// <summary>Most different statements that a connection keeps. Statements are written in code, so reaching this means that data was used as SQL.</summary>
    public const int MaxStatements = 512;

    private readonly Database _database;
    private readonly Dictionary<string, SqlStatement> _statements = new(StringComparer.Ordinal);
    private readonly List<SqlStatement> _used = [];

    internal SqlSession(Database database) => _database = database;

    /// <summary>Rows that the last statement has changed.</summary>
    public long Changes => _database.Changes;

    /// <summary>The row id of the last insertion.</summary>
    public long LastRowId => _database.LastRowId;

    /// <summary>A statement, prepared once per connection and ready for its parameters. Every parameter must be bound anew: old values stay.</summary>
    /// <exception cref="StorageException">It is no valid SQL.</exception>
    public SqlStatement Sql(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            if (_statements.Count >= MaxStatements) throw new InvalidOperationException($"more than {MaxStatements} different statements on one connection: values belong into parameters");
            _statements[sql] = statement = _database.Prepare(sql);
        }

        statement.Reset();
        _used.Add(statement);
        return statement;
    }

    /// <summary>Ends what the work has left open.</summary>
    internal void Finish()
    {
        foreach (var statement in _used) statement.Reset();
        _used.Clear();
    }
}
