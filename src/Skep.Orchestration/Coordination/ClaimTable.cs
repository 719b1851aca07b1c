using Skep.Orchestration.Hooks;
using Skep.Storage;

namespace Skep.Orchestration.Coordination;

/// <summary>What became of a wish to claim.</summary>
/// <param name="Claim">The claim; null when it was refused.</param>
/// <param name="Overlaps">Claims of others with files in common.</param>
internal sealed record ClaimOutcome(Claim? Claim, IReadOnlyList<Claim> Overlaps);

/// <summary>Claims in their table, within a transaction.</summary>
internal static class ClaimTable
{
    private const string Columns = "id, glob, holder, exclusive, at, expires, task, run, session, note";

    /// <summary>Claims, unless somebody else's claim forbids it. The same holder's claim of the same glob is renewed.</summary>
    public static ClaimOutcome Add(SqlSession sql, Claim wish, string request, LedgerLimits limits)
    {
        if (One(sql.Sql($"SELECT {Columns} FROM hooks_claims WHERE request = ?1").Bind(1, request)) is { } made) return new ClaimOutcome(made, []);
        Sweep(sql, wish.AtUnixMs);
        var held = Held(sql, wish.AtUnixMs);
        var overlaps = ClaimRule.Conflicts(held, wish.Glob, wish.Holder, wish.Exclusive, wish.AtUnixMs);
        if (overlaps.Any(c => ClaimRule.Forbids(c, wish.Exclusive))) return new ClaimOutcome(null, overlaps);
        sql.Sql("DELETE FROM hooks_claims WHERE holder = ?1 AND glob = ?2").Bind(1, wish.Holder).Bind(2, wish.Glob).Run();
        if (held.Count >= limits.MaxClaims && sql.Changes == 0)
            throw new RequestException(RequestCodes.TooLarge, $"{held.Count} claims are held, and no more are kept: give some back with 'skep unlock', or claim a wider pattern");
        sql.Sql("INSERT INTO hooks_claims (request, glob, holder, exclusive, at, expires, task, run, session, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
            .Bind(1, request).Bind(2, wish.Glob).Bind(3, wish.Holder).Bind(4, wish.Exclusive ? 1 : 0).Bind(5, wish.AtUnixMs).Bind(6, wish.ExpiresUnixMs)
            .Bind(7, wish.Task).Bind(8, wish.Run).Bind(9, wish.Session).Bind(10, wish.Note).Run();
        return new ClaimOutcome(wish with { Id = sql.LastRowId }, overlaps);
    }

    /// <summary>The claims that hold, oldest first.</summary>
    public static List<Claim> Held(SqlSession sql, long now) =>
        All(sql.Sql($"SELECT {Columns} FROM hooks_claims WHERE expires IS NULL OR expires > ?1 ORDER BY id").Bind(1, now));

    /// <summary>Claims that were held when others gave them up by name: gives back those of a holder, of one glob or of all.</summary>
    public static List<Claim> Release(SqlSession sql, string holder, string? glob, long now)
    {
        var given = All(sql.Sql($"SELECT {Columns} FROM hooks_claims WHERE holder = ?1 AND (?2 IS NULL OR glob = ?2) ORDER BY id").Bind(1, holder).Bind(2, glob));
        Delete(sql, given);
        return [.. given.Where(c => ClaimRule.Holds(c, now))];
    }

    /// <summary>Gives back the claims that were made for a task.</summary>
    public static List<Claim> ReleaseTask(SqlSession sql, string task, string? run)
    {
        var given = All(sql.Sql($"SELECT {Columns} FROM hooks_claims WHERE task = ?1 AND run IS ?2 ORDER BY id").Bind(1, task).Bind(2, run));
        Delete(sql, given);
        return given;
    }

    /// <summary>Gives claims to another holder.</summary>
    public static List<Claim> Move(SqlSession sql, string task, string? run, string from, string to, long now)
    {
        var moved = Held(sql, now).FindAll(c => c.Task == task && (c.Run == run || c.Run is null || run is null) && (c.Holder == from || c.Holder != to));
        foreach (var claim in moved) sql.Sql("UPDATE hooks_claims SET holder = ?2 WHERE id = ?1").Bind(1, claim.Id).Bind(2, to).Run();
        return [.. moved.Select(c => c with { Holder = to })];
    }

    private static void Sweep(SqlSession sql, long now) => sql.Sql("DELETE FROM hooks_claims WHERE expires <= ?1").Bind(1, now).Run();

    private static void Delete(SqlSession sql, List<Claim> claims)
    {
        foreach (var claim in claims) sql.Sql("DELETE FROM hooks_claims WHERE id = ?1").Bind(1, claim.Id).Run();
    }

    private static Claim? One(SqlStatement rows) => All(rows) is [var first, ..] ? first : null;

    private static List<Claim> All(SqlStatement rows)
    {
        var claims = new List<Claim>();
        while (rows.Step())
        {
            claims.Add(new Claim(
                rows.Number(0), rows.Text(1), rows.Text(2), rows.Number(3) != 0, rows.Number(4), rows.NumberOrNull(5),
                rows.TextOrNull(6), rows.TextOrNull(7), rows.TextOrNull(8), rows.TextOrNull(9)));
        }

        return claims;
    }
}
