namespace Skep.Bench.Retrieval;

/// <summary>A text that can be found.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Headings">File and headings.</param>
/// <param name="Text">The text.</param>
internal sealed record Passage(string Id, string Headings, string Text);

/// <summary>A question and what answers it.</summary>
/// <param name="Half"><c>dev</c> or <c>test</c>.</param>
/// <param name="Relevant">Numbers of the passages, from 0.</param>
/// <param name="Text">The question.</param>
internal sealed record Question(string Half, IReadOnlySet<int> Relevant, string Text);

/// <summary>Passages and questions: Data/retrieval/README.md says how they were made.</summary>
/// <param name="Texts">What is indexed.</param>
/// <param name="Questions">What is asked.</param>
internal sealed record RetrievalSet(IReadOnlyList<string> Texts, IReadOnlyList<Question> Questions)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Data", "retrieval");

    /// <summary>Questions written by hand, over passages with their headings.</summary>
    public static RetrievalSet ByHand(string half)
    {
        var passages = Passages();
        var numbers = passages.Select((p, i) => (p.Id, i)).ToDictionary(p => p.Id, p => p.i, StringComparer.Ordinal);
        var questions = from line in Lines("questions.tsv")
                        where line[1] == half
                        select new Question(line[1], line[2].Split(',').Select(id => numbers[id]).ToHashSet(), line[3]);
        return new([.. passages.Select(p => $"{p.Headings.Replace(" > ", "\n", StringComparison.Ordinal)}\n{p.Text}")], [.. questions]);
    }

    /// <summary>Headings as queries, over passages without headings.</summary>
    public static RetrievalSet ByHeadings()
    {
        var passages = Passages();
        var sections = passages.Select((p, i) => (p.Headings, i)).GroupBy(p => p.Headings, p => p.i);
        var byHeading = sections.Select(s => (Heading: s.Key.Split(" > ")[^1], Passages: s)).GroupBy(s => s.Heading).Where(g => g.Count() == 1).Select(g => g.Single());
        return new([.. passages.Select(p => p.Text)], [.. byHeading.Select(s => new Question("headings", s.Passages.ToHashSet(), s.Heading))]);
    }

    private static List<Passage> Passages() => [.. Lines("passages.tsv").Select(l => new Passage(l[0], l[1], l[2]))];

    private static IEnumerable<string[]> Lines(string file) => File.ReadLines(Path.Combine(Folder, file)).Select(l => l.Split('\t'));
}
