using Skep.Plans.Validation;

namespace Skep.Plans.Tests.Validation;

public class GlobTests
{
    /// <summary>All paths of up to three segments of up to two letters over a small alphabet.</summary>
    private static readonly string[] Paths = [.. AllPaths()];

    [Theory]
    [InlineData("src/**", "src/a/b.cs", true)]
    [InlineData("src/*", "src/a/b.cs", false)]
    [InlineData("**/*.cs", "src/**", true)]
    [InlineData("*.cs", "*.md", false)]
    [InlineData("a*b", "*ab*", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("**/x/**", "y/*/z", true)]
    [InlineData("src/a/**", "src/b/**", false)]
    [InlineData("**", "a", true)]
    public void Overlaps_are_decided(string a, string b, bool expected)
    {
        Assert.Equal(expected, Glob.Intersect(a, b));
        Assert.Equal(expected, Glob.Intersect(b, a));
    }

    [Fact]
    public void Overlaps_agree_with_brute_force()
    {
        var random = new Random(3);
        var overlapping = 0;
        for (var i = 0; i < 3_000; i++)
        {
            string a = Random(random), b = Random(random);
            var common = Array.Exists(Paths, p => Matches(a, p) && Matches(b, p));
            Assert.True(common == Glob.Intersect(a, b), $"{a} and {b}: brute force says {common}");
            if (common) overlapping++;
        }

        Assert.InRange(overlapping, 300, 2_700);
    }

    [Fact]
    public void Matching_agrees_with_a_recursive_matcher()
    {
        var random = new Random(4);
        for (var i = 0; i < 300; i++)
        {
            var glob = Random(random);
            Assert.All(Paths, p => Assert.Equal(Matches(glob, p), Glob.IsMatch(glob, p)));
        }
    }

    [Fact]
    public void The_index_misses_no_overlapping_pair()
    {
        var random = new Random(5);
        for (var round = 0; round < 50; round++)
        {
            var globs = Enumerable.Range(0, 20).Select(_ => Random(random)).Distinct().ToList();
            var pairs = GlobIndex.Pairs(globs).ToList();
            Assert.Equal(pairs.Count, pairs.Distinct().Count());
            for (var a = 0; a < globs.Count; a++)
                for (var b = a + 1; b < globs.Count; b++)
                    if (Glob.Intersect(globs[a], globs[b])) Assert.Contains((a, b), pairs);
        }
    }

    /// <summary>Globs short enough that any overlap shows in <see cref="Paths"/>.</summary>
    private static string Random(Random random)
    {
        string[] segments = ["a", "b", "ab", "*", "?", "a*", "*b", "??", "**", "a?"];
        return string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => segments[random.Next(segments.Length)]));
    }

    private static bool Matches(ReadOnlySpan<char> glob, ReadOnlySpan<char> path)
    {
        var (g, p) = (glob.ToString().Split('/'), path.ToString().Split('/'));
        return Segments(g, p);
    }

    private static bool Segments(ReadOnlySpan<string> g, ReadOnlySpan<string> p)
    {
        if (g.IsEmpty) return p.IsEmpty;
        if (g[0] == "**") return Segments(g[1..], p) || (!p.IsEmpty && Segments(g, p[1..]));
        return !p.IsEmpty && Letters(g[0], p[0]) && Segments(g[1..], p[1..]);
    }

    private static bool Letters(ReadOnlySpan<char> g, ReadOnlySpan<char> p)
    {
        if (g.IsEmpty) return p.IsEmpty;
        if (g[0] == '*') return Letters(g[1..], p) || (!p.IsEmpty && Letters(g, p[1..]));
        return !p.IsEmpty && (g[0] == '?' || g[0] == p[0]) && Letters(g[1..], p[1..]);
    }

    private static IEnumerable<string> AllPaths()
    {
        string[] segments = ["a", "b", "aa", "ab", "ba", "bb"];
        var layer = segments.ToList();
        for (var depth = 1; depth <= 4; depth++)
        {
            foreach (var path in layer) yield return path;
            layer = [.. layer.SelectMany(p => segments.Select(s => p + "/" + s))];
        }
    }
}
