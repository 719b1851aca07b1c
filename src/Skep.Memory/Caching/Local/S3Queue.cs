namespace Skep.Memory.Caching;

/// <summary>First in, first out, with removal from the middle, and a count of bytes.</summary>
internal sealed class S3Queue
{
    private S3Node? _tail;

    internal S3Node? Head { get; private set; }

    internal long Bytes { get; private set; }

    internal int Count { get; private set; }

    internal void Append(S3Node node)
    {
        (node.Queue, node.Previous, node.Next) = (this, _tail, null);
        if (_tail is null) Head = node;
        else _tail.Next = node;
        _tail = node;
        Bytes += node.Size;
        Count++;
    }

    internal void Remove(S3Node node)
    {
        if (node.Previous is { } previous) previous.Next = node.Next;
        else Head = node.Next;
        if (node.Next is { } next) next.Previous = node.Previous;
        else _tail = node.Previous;
        (node.Queue, node.Previous, node.Next) = (null, null, null);
        Bytes -= node.Size;
        Count--;
    }

    internal void Resize(S3Node node, int size)
    {
        Bytes += size - node.Size;
        node.Size = size;
    }
}
