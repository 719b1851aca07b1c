using Skep.Storage;

namespace Skep.Orchestration.Hooks;

/// <summary>The tables of hooks and messages. Facts are only added; their request makes each one unique.</summary>
internal static class LedgerTables
{
    /// <summary>Name and steps.</summary>
    public static readonly StoreModule Module = new("hooks", [Facts + Messages]);

    private const string Facts = """
        CREATE TABLE hooks_facts (
            seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, request TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            session TEXT, agent TEXT, task TEXT, run TEXT, subject TEXT, sha256 TEXT, size INTEGER, memory TEXT, success INTEGER, data TEXT);
        CREATE INDEX hooks_facts_session ON hooks_facts (session, seq) WHERE session IS NOT NULL;
        CREATE INDEX hooks_facts_agent ON hooks_facts (agent, seq) WHERE agent IS NOT NULL;
        CREATE INDEX hooks_facts_task ON hooks_facts (task, seq) WHERE task IS NOT NULL;
        CREATE INDEX hooks_facts_subject ON hooks_facts (subject, seq) WHERE subject IS NOT NULL;
        CREATE INDEX hooks_facts_begun ON hooks_facts (seq) WHERE kind = 'pre-task';
        CREATE TABLE hooks_sessions (
            id TEXT PRIMARY KEY, started INTEGER NOT NULL, last INTEGER NOT NULL, ended INTEGER, agent TEXT, source TEXT, cwd TEXT,
            restored INTEGER NOT NULL, facts INTEGER NOT NULL, edits INTEGER NOT NULL, commands INTEGER NOT NULL, failed INTEGER NOT NULL,
            tasks INTEGER NOT NULL, messages INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX hooks_sessions_last ON hooks_sessions (last);
        CREATE TABLE hooks_agents (name TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE hooks_state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private const string Messages = """
        CREATE TABLE hooks_messages (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, request TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, sender TEXT NOT NULL, text TEXT NOT NULL,
            level TEXT, channel TEXT, reply_to INTEGER, deadline INTEGER, late INTEGER NOT NULL, task TEXT, run TEXT, data TEXT);
        CREATE INDEX hooks_messages_reply ON hooks_messages (reply_to) WHERE reply_to IS NOT NULL;
        CREATE TABLE hooks_inbox (recipient TEXT NOT NULL, message INTEGER NOT NULL, read_at INTEGER, read_by TEXT, PRIMARY KEY (recipient, message)) WITHOUT ROWID;
        CREATE INDEX hooks_inbox_unread ON hooks_inbox (recipient, message) WHERE read_at IS NULL;
        CREATE INDEX hooks_inbox_message ON hooks_inbox (message);
        CREATE TABLE hooks_claims (
            id INTEGER PRIMARY KEY, request TEXT NOT NULL UNIQUE, glob TEXT NOT NULL, holder TEXT NOT NULL, exclusive INTEGER NOT NULL, at INTEGER NOT NULL,
            expires INTEGER, task TEXT, run TEXT, session TEXT, note TEXT);
        CREATE INDEX hooks_claims_expires ON hooks_claims (expires) WHERE expires IS NOT NULL;
        """;
}
