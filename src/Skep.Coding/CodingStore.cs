using Skep.Storage;

namespace Skep.Coding;

/// <summary>The tables of merge queues, worktrees and sessions of coding CLIs. Events are only added; a row is what they come to, for lists.</summary>
public static class CodingStore
{
    /// <summary>Name and steps; the store must be opened with it.</summary>
    public static StoreModule Module { get; } = new("coding", [Version1, Version2]);

    private const string Version1 = """
        CREATE TABLE coding_events (run TEXT NOT NULL, target TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (run, target, seq)) WITHOUT ROWID;
        CREATE TABLE coding_entries (
            run TEXT NOT NULL, target TEXT NOT NULL, entry INTEGER NOT NULL, work TEXT NOT NULL, branch TEXT NOT NULL, task TEXT NOT NULL, attempt INTEGER NOT NULL, agent TEXT NOT NULL,
            status TEXT NOT NULL, source TEXT NOT NULL, landed TEXT, note TEXT, at INTEGER NOT NULL, PRIMARY KEY (run, target, entry)) WITHOUT ROWID;
        CREATE TABLE coding_worktrees (
            run TEXT NOT NULL, task TEXT NOT NULL, attempt INTEGER NOT NULL, agent TEXT NOT NULL, branch TEXT NOT NULL, path TEXT NOT NULL, base TEXT NOT NULL, at INTEGER NOT NULL,
            leaving TEXT, landed TEXT, removed INTEGER, kept TEXT, PRIMARY KEY (run, task, attempt)) WITHOUT ROWID;
        """;

    private const string Version2 = """
        CREATE TABLE coding_sessions (
            run TEXT NOT NULL, task TEXT NOT NULL, attempt INTEGER NOT NULL, session TEXT NOT NULL, starts INTEGER NOT NULL, begun INTEGER NOT NULL, tokens INTEGER NOT NULL, cost REAL NOT NULL,
            turns INTEGER NOT NULL, ended INTEGER NOT NULL, delivered INTEGER NOT NULL, answer TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (run, task, attempt)) WITHOUT ROWID;
        """;
}
