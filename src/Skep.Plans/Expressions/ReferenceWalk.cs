namespace Skep.Plans.Expressions;

/// <summary>Finds the names that a syntax tree uses.</summary>
internal static class ReferenceWalk
{
    /// <summary>All path nodes, left to right.</summary>
    public static List<PathNode> Of(ExpressionNode root)
    {
        var found = new List<PathNode>();
        Visit(root, found);
        return found;
    }

    private static void Visit(ExpressionNode node, List<PathNode> found)
    {
        switch (node)
        {
            case PathNode path: found.Add(path); break;
            case UnaryNode unary: Visit(unary.Operand, found); break;
            case IndexNode index:
                Visit(index.Target, found);
                Visit(index.Index, found);
                break;
            case BinaryNode binary:
                Visit(binary.Left, found);
                Visit(binary.Right, found);
                break;
            case CallNode call:
                foreach (var argument in call.Arguments) Visit(argument, found);
                break;
        }
    }
}
