using Skep.Embeddings.FullText;
using Skep.Memory.Tables;
using Skep.Storage;

namespace Skep.Memory.Finding;

/// <summary>Finds entries by words in SQLite's full text. Candidates are taken in the order of BM25 until enough of them pass.</summary>
internal sealed class TextQuery(string text, MemoryPrefix prefix, EntryFilter? filter, int most)
{
    /// <summary>Candidates whose metadata is compared at once.</summary>
    private const int Batch = 256;

    private const double ScoreUnit = 1e-6;

    // The rank is negative, and columns are read as whole numbers. What was replaced since the full text was last complete is found by the words that it had then.
    private const string Query =
        """
        SELECT coalesce((SELECT path FROM memory_docs WHERE id = f.rowid), (SELECT path FROM memory_outdated WHERE id = f.rowid)), CAST(f.rank * -1000000 AS INTEGER)
        FROM memory_texts f WHERE memory_texts MATCH ?1 ORDER BY f.rank
        """;

    private readonly List<FindCandidate> _found = [];
    private readonly List<string> _removed = [];

    internal FindList Run(SqlSession sql, double weight)
    {
        var looked = 0;
        if (Fts5.Expression(text) is { } expression)
        {
            var rows = sql.Sql(Query).Bind(1, expression);
            var batch = new List<FindCandidate>();
            while (_found.Count < most && rows.Step())
            {
                looked++;
                if (rows.Text(0) is var path && !prefix.Contains(path)) continue;
                batch.Add(new FindCandidate(path, rows.Number(1) * ScoreUnit));
                if (filter is null || batch.Count == Batch) Take(sql, batch);
            }

            rows.Reset();
            Take(sql, batch);
        }

        return new FindList("text", $"FTS5, BM25 over name and text; {looked} matching entries looked at", weight, _found, _removed);
    }

    private void Take(SqlSession sql, List<FindCandidate> batch)
    {
        if (filter is null) _found.AddRange(batch);
        else if (batch.Count > 0) Sift(sql, batch);
        batch.Clear();
    }

    private void Sift(SqlSession sql, List<FindCandidate> batch)
    {
        var there = batch.Select(c => (Candidate: c, Entry: EntryReader.Find(sql, c.Path))).Where(static c => c.Entry is not null).ToList();
        var pass = filter!.Apply(there.Select(static c => c.Entry!));
        for (var i = 0; i < there.Count && _found.Count < most; i++)
        {
            if (pass.Contains(i)) _found.Add(there[i].Candidate);
            else if (_removed.Count < FindList.MaxRemoved) _removed.Add(there[i].Candidate.Path);
        }
    }
}
