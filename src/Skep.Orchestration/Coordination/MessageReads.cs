using System.Text.Json;
using Skep.Orchestration.Hooks;
using Skep.Storage;

namespace Skep.Orchestration.Coordination;

/// <summary>Looks at messages and claims in a store, whoever owns it.</summary>
public static class MessageReads
{
    /// <summary>How many messages wait for somebody.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public static long Unread(SqliteStore store, string agent)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.Read(HookLedger.Module, sql => MessageTable.Unread(sql, agent), 0);
    }

    /// <summary>The first answer to a question as JSON, or null.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public static JsonElement? ReplyTo(SqliteStore store, long question)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.Read(HookLedger.Module, sql => MessageTable.ReplyTo(sql, question), null) is { } reply ? JsonBuild.Object(json => HookViews.WriteMessage(json, reply)) : null;
    }

    /// <summary>The claims that hold, as JSON.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public static JsonElement Claims(SqliteStore store, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        var claims = store.Read(HookLedger.Module, sql => ClaimTable.Held(sql, time.GetUtcNow().ToUnixTimeMilliseconds()), []);
        return JsonBuild.Object(json => json.List("claims", claims, HookViews.WriteClaim));
    }
}
