namespace Skep.Embeddings.Tests.Retrieval;

/// <summary>The labelled set of the benchmark is whole.</summary>
public sealed class RetrievalSetTests
{
    [Fact]
    public void Every_judged_passage_exists_and_there_are_at_least_200_questions()
    {
        var passages = Lines("passages.tsv", 3).ToDictionary(l => l[0], l => l[2]);
        var questions = Lines("questions.tsv", 4);
        Assert.True(questions.Count >= 200, $"{questions.Count}");
        Assert.All(passages.Values, text => Assert.NotEqual("", text.Trim()));
        Assert.All(questions, q => Assert.All(q[2].Split(','), id => Assert.True(passages.ContainsKey(id), $"{q[0]} judges {id}")));
        Assert.Equal(questions.Count, questions.Select(q => q[0]).Distinct().Count());
        Assert.Equal(questions.Count, questions.Select(q => q[3]).Distinct().Count());
    }

    [Fact]
    public void The_halves_are_of_one_size_and_each_file_is_small()
    {
        var halves = Lines("questions.tsv", 4).CountBy(q => q[1]).ToDictionary();
        Assert.Equal(["dev", "test"], halves.Keys.Order());
        Assert.Equal(halves["dev"], halves["test"]);
        Assert.All(new[] { "passages.tsv", "questions.tsv" }, f => Assert.InRange(new FileInfo(At(f)).Length, 1, 500 * 1024));
    }

    private static List<string[]> Lines(string file, int columns)
    {
        var lines = File.ReadLines(At(file)).Select(l => l.Split('\t')).ToList();
        Assert.All(lines, l => Assert.Equal(columns, l.Length));
        return lines;
    }

    private static string At(string file) => Path.Combine(AppContext.BaseDirectory, "Retrieval", file);
}
