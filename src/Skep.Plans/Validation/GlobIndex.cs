namespace Skep.Plans.Validation;

/// <summary>
/// Finds the pairs of globs that may overlap without looking at all pairs: two globs can only meet when the folders that they begin
/// with, up to the first wildcard, lie on one path.
/// </summary>
internal static class GlobIndex
{
    /// <summary>Candidate pairs, each once.</summary>
    public static IEnumerable<(int A, int B)> Pairs(IReadOnlyList<string> globs)
    {
        var root = new Node();
        var homes = new List<int>[globs.Count];
        for (var i = 0; i < globs.Count; i++) homes[i] = Insert(root, globs[i], i);
        for (var i = 0; i < globs.Count; i++)
            foreach (var pair in OnTheWay(root, globs[i], i, homes[i])) yield return pair;
    }

    private static List<int> Insert(Node root, string glob, int index)
    {
        var node = root;
        foreach (var segment in LiteralPrefix(glob)) node = node.Child(segment);
        node.Globs.Add(index);
        return node.Globs;
    }

    /// <summary>The globs whose prefix is a beginning of this one's; of those with the same prefix, the earlier ones.</summary>
    private static IEnumerable<(int A, int B)> OnTheWay(Node root, string glob, int index, List<int> home)
    {
        var node = root;
        foreach (var segment in LiteralPrefix(glob).Append(null))
        {
            foreach (var other in node.Globs)
            {
                if (ReferenceEquals(node.Globs, home) && other >= index) break;
                yield return (Math.Min(other, index), Math.Max(other, index));
            }

            if (segment is null) break;
            node = node.Child(segment);
        }
    }

    private static IEnumerable<string> LiteralPrefix(string glob) => glob.Split('/').TakeWhile(s => Glob.IsLiteral(s));

    private sealed class Node
    {
        private Dictionary<string, Node>? _children;

        public List<int> Globs { get; } = [];

        public Node Child(string segment)
        {
            _children ??= new Dictionary<string, Node>(StringComparer.Ordinal);
            if (!_children.TryGetValue(segment, out var child)) _children[segment] = child = new Node();
            return child;
        }
    }
}
