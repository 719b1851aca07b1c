using Skep.Orchestration.Hooks;
using Skep.Storage;

namespace Skep.Orchestration.Coordination;

/// <summary>Messages and inboxes in their tables, within a transaction.</summary>
internal static class MessageTable
{
    private const string Columns = "m.id, m.at, m.kind, m.sender, m.text, m.level, m.channel, m.reply_to, m.deadline, m.late, m.task, m.run, m.data";

    /// <summary>Sends a message, unless its request has sent it already.</summary>
    public static Sent Send(SqlSession sql, Message message, string request, IReadOnlyCollection<string> recipients, LedgerLimits limits)
    {
        if (IdOf(sql, request) is { } sent) return new Sent(sent, RecipientsOf(sql, sent), [], []);
        var room = recipients.ToLookup(r => MakeRoom(sql, r, limits));
        var (delivered, full) = (room[true].ToList(), room[false].ToList());
        if (delivered.Count == 0 && full.Count > 0)
            throw new RequestException(RequestCodes.TooLarge, $"the inbox of {string.Join(", ", full.Take(5))} is full: {limits.MaxInbox} messages wait there unread; 'skep inbox --agent NAME' reads them");
        Insert(sql, message, request);
        var id = sql.LastRowId;
        foreach (var recipient in delivered) sql.Sql("INSERT INTO hooks_inbox (recipient, message) VALUES (?1, ?2)").Bind(1, recipient).Bind(2, id).Run();
        Trim(sql, limits);
        return new Sent(id, delivered, full, [.. delivered.Where(r => !IsKnown(sql, r))]);
    }

    /// <summary>The messages of a recipient, oldest first.</summary>
    public static List<Message> Inbox(SqlSession sql, string recipient, bool all, int most) => Messages(
        sql.Sql($"""
            SELECT {Columns}, i.read_at FROM hooks_inbox AS i JOIN hooks_messages AS m ON m.id = i.message
            WHERE i.recipient = ?1 AND {(all ? "1" : "i.read_at IS NULL")} ORDER BY i.message LIMIT ?2
            """).Bind(1, recipient).Bind(2, most));

    /// <summary>Marks the oldest unread messages of a recipient as read, and returns them. The same request gets the same messages again.</summary>
    public static List<Message> Take(SqlSession sql, string recipient, string request, long now, int most)
    {
        sql.Sql("""
            UPDATE hooks_inbox SET read_at = ?3, read_by = ?2 WHERE recipient = ?1 AND NOT EXISTS (SELECT 1 FROM hooks_inbox WHERE recipient = ?1 AND read_by = ?2)
            AND message IN (SELECT message FROM hooks_inbox WHERE recipient = ?1 AND read_at IS NULL ORDER BY message LIMIT ?4)
            """).Bind(1, recipient).Bind(2, request).Bind(3, now).Bind(4, most).Run();
        return Messages(sql.Sql($"""
            SELECT {Columns}, NULL FROM hooks_inbox AS i JOIN hooks_messages AS m ON m.id = i.message
            WHERE i.recipient = ?1 AND i.read_by = ?2 ORDER BY i.message
            """).Bind(1, recipient).Bind(2, request));
    }

    /// <summary>Marks single messages as read.</summary>
    public static void MarkRead(SqlSession sql, string recipient, IEnumerable<long> ids, string request, long now)
    {
        foreach (var id in ids)
            sql.Sql("UPDATE hooks_inbox SET read_at = ?3, read_by = ?4 WHERE recipient = ?1 AND message = ?2 AND read_at IS NULL").Bind(1, recipient).Bind(2, id).Bind(3, now).Bind(4, request).Run();
    }

    /// <summary>How many messages wait for somebody.</summary>
    public static long Unread(SqlSession sql, string recipient)
    {
        var row = sql.Sql("SELECT count(*) FROM hooks_inbox WHERE recipient = ?1 AND read_at IS NULL").Bind(1, recipient);
        return row.Step() ? row.Number(0) : 0;
    }

    /// <summary>Who has messages waiting, most first.</summary>
    public static List<(string Recipient, long Unread)> Waiting(SqlSession sql, int most)
    {
        var rows = sql.Sql("SELECT recipient, count(*) AS n FROM hooks_inbox WHERE read_at IS NULL GROUP BY recipient ORDER BY n DESC, recipient LIMIT ?1").Bind(1, most);
        var waiting = new List<(string, long)>();
        while (rows.Step()) waiting.Add((rows.Text(0), rows.Number(1)));
        return waiting;
    }

    /// <summary>A message by number, or null.</summary>
    public static Message? Find(SqlSession sql, long id) => Messages(sql.Sql($"SELECT {Columns}, NULL FROM hooks_messages AS m WHERE m.id = ?1").Bind(1, id)).FirstOrDefault();

    /// <summary>Into whose inboxes a message went.</summary>
    public static List<string> RecipientsOf(SqlSession sql, long id)
    {
        var rows = sql.Sql("SELECT recipient FROM hooks_inbox WHERE message = ?1 ORDER BY recipient").Bind(1, id);
        var names = new List<string>();
        while (rows.Step()) names.Add(rows.Text(0));
        return names;
    }

    /// <summary>The first answer to a question, or null.</summary>
    public static Message? ReplyTo(SqlSession sql, long question) =>
        Messages(sql.Sql($"SELECT {Columns}, NULL FROM hooks_messages AS m WHERE m.reply_to = ?1 ORDER BY m.id LIMIT 1").Bind(1, question)).FirstOrDefault();

    private static void Insert(SqlSession sql, Message message, string request) =>
        sql.Sql("""
            INSERT INTO hooks_messages (at, request, kind, sender, text, level, channel, reply_to, deadline, late, task, run, data)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """)
            .Bind(1, message.AtUnixMs).Bind(2, request).Bind(3, message.Kind).Bind(4, message.Sender).Bind(5, message.Text).Bind(6, message.Level).Bind(7, message.Channel)
            .Bind(8, message.ReplyTo).Bind(9, message.DeadlineUnixMs).Bind(10, message.Late ? 1 : 0).Bind(11, message.Task).Bind(12, message.Run).Bind(13, message.Data).Run();

    /// <summary>Drops the oldest read message of a full inbox; false when all are unread.</summary>
    private static bool MakeRoom(SqlSession sql, string recipient, LedgerLimits limits)
    {
        var row = sql.Sql("SELECT count(*) FROM hooks_inbox WHERE recipient = ?1").Bind(1, recipient);
        var count = row.Step() ? row.Number(0) : 0;
        row.Reset();
        if (count < limits.MaxInbox) return true;
        sql.Sql("DELETE FROM hooks_inbox WHERE recipient = ?1 AND message = (SELECT min(message) FROM hooks_inbox WHERE recipient = ?1 AND read_at IS NOT NULL)").Bind(1, recipient).Run();
        return sql.Changes > 0;
    }

    /// <summary>Removes messages that nobody has in an inbox any more, and beyond the bound the oldest that all have read.</summary>
    private static void Trim(SqlSession sql, LedgerLimits limits)
    {
        var row = sql.Sql("SELECT count(*) FROM (SELECT 1 FROM hooks_messages LIMIT ?1)").Bind(1, limits.MaxMessages + 1L);
        var count = row.Step() ? row.Number(0) : 0;
        row.Reset();
        if (count <= limits.MaxMessages) return;
        sql.Sql("DELETE FROM hooks_messages WHERE id IN (SELECT m.id FROM hooks_messages AS m WHERE NOT EXISTS (SELECT 1 FROM hooks_inbox AS i WHERE i.message = m.id AND i.read_at IS NULL) ORDER BY m.id LIMIT 2)").Run();
        if (sql.Changes == 0) throw new RequestException(RequestCodes.TooLarge, $"{limits.MaxMessages} messages wait unread, and no more are kept: let the agents read their inboxes");
        sql.Sql("DELETE FROM hooks_inbox WHERE message < (SELECT min(id) FROM hooks_messages)").Run();
    }

    private static bool IsKnown(SqlSession sql, string name)
    {
        var row = sql.Sql("SELECT 1 FROM hooks_agents WHERE name = ?1").Bind(1, name);
        var known = row.Step();
        row.Reset();
        return known;
    }

    private static long? IdOf(SqlSession sql, string request)
    {
        var row = sql.Sql("SELECT id FROM hooks_messages WHERE request = ?1").Bind(1, request);
        long? id = row.Step() ? row.Number(0) : null;
        row.Reset();
        return id;
    }

    private static List<Message> Messages(SqlStatement rows)
    {
        var messages = new List<Message>();
        while (rows.Step())
        {
            messages.Add(new Message(
                rows.Number(0), rows.Number(1), rows.Text(2), rows.Text(3), rows.Text(4), rows.TextOrNull(5), rows.TextOrNull(6), rows.NumberOrNull(7), rows.NumberOrNull(8),
                rows.Number(9) != 0, rows.TextOrNull(10), rows.TextOrNull(11), rows.TextOrNull(12), rows.NumberOrNull(13)));
        }

        return messages;
    }
}
