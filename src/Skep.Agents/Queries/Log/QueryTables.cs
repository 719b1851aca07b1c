using Skep.Storage;

namespace Skep.Agents.Queries;

/// <summary>The tables of queries. Events are only added; a query's row is what they come to, for lists.</summary>
internal static class QueryTables
{
    /// <summary>Name and steps.</summary>
    public static readonly StoreModule Module = new("queries", [Version1, Version2]);

    /// <summary>Which executor works on it.</summary>
    private const string Version2 = "ALTER TABLE queries_list ADD COLUMN kind TEXT NOT NULL DEFAULT 'chat'";

    private const string Version1 = """
        CREATE TABLE queries_list (
            id TEXT PRIMARY KEY, run TEXT NOT NULL, phase TEXT NOT NULL, task TEXT NOT NULL, attempt INTEGER NOT NULL, spec TEXT NOT NULL, agent TEXT NOT NULL, model TEXT NOT NULL,
            permission TEXT NOT NULL, status TEXT NOT NULL, begun INTEGER NOT NULL, last INTEGER NOT NULL, seq INTEGER NOT NULL, turns INTEGER NOT NULL,
            tokens INTEGER NOT NULL, usd TEXT NOT NULL, note TEXT) WITHOUT ROWID;
        CREATE INDEX queries_list_run ON queries_list (run, begun);
        CREATE INDEX queries_list_last ON queries_list (last);
        CREATE TABLE queries_events (query TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (query, seq)) WITHOUT ROWID;
        CREATE TABLE queries_calls (
            query TEXT NOT NULL, seq INTEGER NOT NULL, call INTEGER NOT NULL, run TEXT NOT NULL, phase TEXT NOT NULL, task TEXT NOT NULL, spec TEXT NOT NULL, model TEXT NOT NULL, at INTEGER NOT NULL,
            input INTEGER NOT NULL, output INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, unsure INTEGER NOT NULL, usd TEXT, saved TEXT,
            ms INTEGER, PRIMARY KEY (query, seq)) WITHOUT ROWID;
        CREATE INDEX queries_calls_run ON queries_calls (run, at);
        CREATE TABLE queries_controls (
            id INTEGER PRIMARY KEY, request TEXT NOT NULL UNIQUE, query TEXT NOT NULL, op TEXT NOT NULL, argument TEXT, sender TEXT NOT NULL, at INTEGER NOT NULL,
            taken INTEGER, outcome TEXT);
        CREATE INDEX queries_controls_query ON queries_controls (query, id);
        """;
}
