namespace Skep.Embeddings.FullText;

/// <summary>A term of a query and the documents that hold it.</summary>
/// <param name="Documents">Documents, ascending; removed ones may be among them.</param>
/// <param name="Frequencies">How often each has it, at most 255.</param>
/// <param name="Weight">What an occurrence without end would give.</param>
/// <param name="Most">The most that it gives any document.</param>
internal sealed record TermPostings(ReadOnlyMemory<int> Documents, ReadOnlyMemory<byte> Frequencies, double Weight, float Most)
{
    /// <summary>How many.</summary>
    public int Count => Documents.Length;

    public int DocumentAt(int at) => Documents.Span[at];

    /// <summary>The first place from another on whose document is at least this: by leaps, as it is near as a rule.</summary>
    public int From(int at, int document) => From(Documents.Span, at, document);

    /// <inheritdoc cref="From(int, int)"/>
    public static int From(ReadOnlySpan<int> documents, int at, int document)
    {
        var leap = 1;
        while (at + leap < documents.Length && documents[at + leap] < document)
        {
            at += leap;
            leap *= 2;
        }

        var end = Math.Min(documents.Length, at + leap + 1);
        if (at >= end) return documents.Length;
        var found = documents[at..end].BinarySearch(document);
        return at + (found < 0 ? ~found : found);
    }
}
