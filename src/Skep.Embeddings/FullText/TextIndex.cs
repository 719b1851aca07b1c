using System.Collections.Concurrent;
using System.Globalization;

namespace Skep.Embeddings.FullText;

/// <summary>
/// Full text in memory: an inverted index with BM25 scores, for where SQLite has no FTS5 and for texts that are not in a database. One writer at a time, any number of readers beside it without a
/// lock: each search sees one moment. Words are folded (case, diacritics), names such as <c>readFile</c> are found whole and by their parts.
/// </summary>
/// <remarks>
/// Terms lead to lists of document numbers. A text that is removed or replaced stays in the lists, marked; when more than half of the documents are such, the lists are written anew.
/// </remarks>
public sealed class TextIndex
{
    /// <summary>Longest text, in UTF-16 units.</summary>
    public const int MaxText = 1 << 20;

    /// <summary>Most documents, removed ones that still lie in the lists included.</summary>
    public const int MaxDocuments = 1 << 26;

    // A string's header and letters, the entry of the dictionary, the list's objects.
    private const int TermBytes = 200;
    private const int CompactFrom = 256;

    private readonly Lock _writing = new();
    private readonly TextIndexOptions _options;
    private Dictionary<long, int> _byKey = [];
    private ConcurrentDictionary<string, Postings> _terms = New();
    private DocumentTable _documents = DocumentTable.New();
    private TextSnapshot _now;
    private long _bytes;
    private bool _keysAreNumbers = true;

    /// <summary>An empty index.</summary>
    /// <exception cref="EmbeddingException"><see cref="EmbeddingFault.BadArgument"/>: an option is out of its bounds.</exception>
    public TextIndex(TextIndexOptions? options = null)
    {
        _options = options ?? new();
        _options.Check();
        _bytes = (long)_documents.Capacity * DocumentTable.EntryBytes;
        _now = new(_terms, _documents, 0, 0, 0, 0, keysAreNumbers: true, _options);
    }

    /// <summary>Texts that there are.</summary>
    public int Count => Snapshot().Count;

    /// <summary>Bytes that it takes, by its own count.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The index as it stands now.</summary>
    public TextSnapshot Snapshot() => Volatile.Read(ref _now);

    /// <inheritdoc cref="TextSnapshot.Search"/>
    public IReadOnlyList<TextHit> Search(ReadOnlySpan<char> query, int k, Func<long, bool>? filter = null) => Snapshot().Search(query, k, filter);

    /// <inheritdoc cref="TextSnapshot.SearchAmong"/>
    public IReadOnlyList<TextHit> SearchAmong(ReadOnlySpan<ulong> keys, ReadOnlySpan<char> query, int k, Func<long, bool>? filter = null) => Snapshot().SearchAmong(keys, query, k, filter);

    /// <summary>Adds a text, or puts it in the place of the one that has its key.</summary>
    /// <param name="key">Its key, such as a row's number.</param>
    /// <param name="text">At most <see cref="MaxText"/> UTF-16 units. A text without words is there, and never found.</param>
    /// <exception cref="EmbeddingException">
    /// <see cref="EmbeddingFault.TextTooLong"/>, or <see cref="EmbeddingFault.LimitReached"/>: there is no room. Nothing has changed then.
    /// </exception>
    public void Put(long key, ReadOnlySpan<char> text)
    {
        if (text.Length > MaxText)
            throw new EmbeddingException(EmbeddingFault.TextTooLong, $"text {key} has {Shown(text.Length)} characters; at most {Shown(MaxText)} are indexed at once. Index it in parts");
        var terms = Terms.Count(text, _options.Stemming, out var length);
        lock (_writing)
        {
            RequireRoom_NeedsLock(key, terms);
            var before = _now;
            if (before.End == _documents.Capacity) Grow_NeedsLock();
            var removedLength = MarkRemoved_NeedsLock(key, before.Generation + 1, out var wasThere);
            var document = before.End;
            (_documents.Keys[document], _documents.Lengths[document], _documents.Removed[document]) = (key, length, DocumentTable.Never);
            _byKey[key] = document;
            _keysAreNumbers &= key == document;
            foreach (var (term, count) in terms) Append_NeedsLock(term, document, count);
            Publish_NeedsLock(document + 1, before.Count + (wasThere ? 0 : 1), before.Length + length - removedLength);
        }
    }

    /// <summary>Takes a text out.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(long key)
    {
        lock (_writing)
        {
            var before = _now;
            var length = MarkRemoved_NeedsLock(key, before.Generation + 1, out var wasThere);
            if (!wasThere) return false;
            _byKey.Remove(key);
            Publish_NeedsLock(before.End, before.Count - 1, before.Length - length);
            return true;
        }
    }

    private static ConcurrentDictionary<string, Postings> New() => new(concurrencyLevel: 1, capacity: 1021, StringComparer.Ordinal);

    private static string Shown(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private int MarkRemoved_NeedsLock(long key, long generation, out bool wasThere)
    {
        wasThere = _byKey.TryGetValue(key, out var document);
        if (!wasThere) return 0;
        Volatile.Write(ref _documents.Removed[document], generation);
        return _documents.Lengths[document];
    }

    private void Append_NeedsLock(string term, int document, int count)
    {
        if (!_terms.TryGetValue(term, out var postings))
        {
            _terms[term] = postings = new();
            _bytes += TermBytes + (2 * term.Length);
        }

        _bytes += postings.Append(document, count, _documents.Lengths);
    }

    private void Publish_NeedsLock(int end, int count, long length)
    {
        Volatile.Write(ref _now, new(_terms, _documents, end, _now.Generation + 1, count, length, _keysAreNumbers, _options));
        var removed = end - count;
        if (removed >= CompactFrom && removed > count) Compact_NeedsLock();
    }

    private void RequireRoom_NeedsLock(long key, Dictionary<string, int> terms)
    {
        long more = _now.End == _documents.Capacity ? (long)_documents.Capacity * DocumentTable.EntryBytes : 0;
        foreach (var term in terms.Keys)
            more += _terms.TryGetValue(term, out var postings) ? (Postings.Grown(postings.Capacity) - postings.Capacity) * Postings.EntryBytes : TermBytes + (2 * term.Length);
        if (_bytes + more > _options.MaxBytes)
            throw Full($"text {key} might need {Shown(more)} bytes; {Shown(_bytes)} of {Shown(_options.MaxBytes)} are taken. Remove texts, or allow more (MaxBytes)");
        if (_now.End == MaxDocuments) throw Full($"text {key} would be number {Shown(MaxDocuments + 1L)}. Split the texts among several indexes");
    }

    private static EmbeddingException Full(string what) => new(EmbeddingFault.LimitReached, "the text index is full: " + what);

    private void Grow_NeedsLock()
    {
        _bytes += (long)_documents.Capacity * DocumentTable.EntryBytes;
        _documents = _documents.Grown();
    }

    // Readers keep the lists and numbers of their snapshots.
    private void Compact_NeedsLock()
    {
        var (old, terms, byKey, documents) = (_now, New(), new Dictionary<long, int>(_byKey.Count), DocumentTable.New());
        var numbers = new int[old.End];
        var end = 0;
        _keysAreNumbers = true;
        for (var document = 0; document < old.End; document++)
        {
            numbers[document] = -1;
            if (_documents.Removed[document] != DocumentTable.Never) continue;
            if (end == documents.Capacity) documents = documents.Grown();
            (documents.Keys[end], documents.Lengths[end], documents.Removed[end]) = (_documents.Keys[document], _documents.Lengths[document], DocumentTable.Never);
            byKey[documents.Keys[end]] = end;
            _keysAreNumbers &= documents.Keys[end] == end;
            numbers[document] = end++;
        }

        (var lists, _terms, _byKey, _documents) = (_terms, terms, byKey, documents);
        _bytes = (long)documents.Capacity * DocumentTable.EntryBytes;
        foreach (var (term, postings) in lists) Copy_NeedsLock(term, postings, old.End, numbers);
        Volatile.Write(ref _now, new(_terms, _documents, end, old.Generation + 1, end, old.Length, _keysAreNumbers, _options));
    }

    private void Copy_NeedsLock(string term, Postings from, int end, int[] numbers)
    {
        var (documents, frequencies) = from.Below(end);
        for (var i = 0; i < documents.Length; i++)
        {
            if (numbers[documents.Span[i]] is var number and >= 0) Append_NeedsLock(term, number, frequencies.Span[i]);
        }
    }
}
