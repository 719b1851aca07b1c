using System.Buffers;

namespace Skep.Vectors.Filtering;

/// <summary>A condition that has met its columns: it knows how to set a bit for each row.</summary>
/// <param name="rows">How many rows the reader knows.</param>
internal abstract class Predicate(int rows)
{
    public int Rows { get; } = rows;

    /// <summary>What an evaluation costs beside others: cheap ones narrow the rows first.</summary>
    public abstract int Cost { get; }

    /// <summary>Overwrites the bits; those beyond the rows become clear.</summary>
    public abstract void Evaluate(Span<ulong> bits);

    /// <summary>How many rows it lets through.</summary>
    public abstract RowEstimate Estimate();

    /// <summary>Clears the bits of rows that it does not let through.</summary>
    public virtual void Narrow(Span<ulong> bits) => Combine(bits, BitWords.And);

    /// <summary>Sets the bits of rows that it lets through.</summary>
    public virtual void Widen(Span<ulong> bits) => Combine(bits, BitWords.Or);

    /// <summary>Clears the bits of rows that it lets through.</summary>
    public void Remove(Span<ulong> bits) => Combine(bits, BitWords.AndNot);

    private void Combine(Span<ulong> bits, Action<Span<ulong>, ReadOnlySpan<ulong>> how)
    {
        var rented = ArrayPool<ulong>.Shared.Rent(bits.Length);
        try
        {
            var mine = rented.AsSpan(0, bits.Length);
            Evaluate(mine);
            how(bits, mine);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
    }
}

/// <summary>No row: a value that no row has.</summary>
internal sealed class Nowhere(int rows) : Predicate(rows)
{
    public override int Cost => 0;

    public override void Evaluate(Span<ulong> bits) => bits.Clear();

    public override RowEstimate Estimate() => RowEstimate.Exactly(0);
}

/// <summary>All of some conditions; the cheap ones first.</summary>
internal sealed class Together(Predicate[] parts, int rows) : Predicate(rows)
{
    private readonly Predicate[] _parts = [.. parts.OrderBy(p => p.Cost)];

    public override int Cost => _parts.Sum(p => p.Cost);

    public override void Evaluate(Span<ulong> bits)
    {
        _parts[0].Evaluate(bits);
        foreach (var part in _parts.AsSpan(1))
        {
            part.Narrow(bits);
        }
    }

    public override RowEstimate Estimate() => _parts.Select(p => p.Estimate()).Aggregate((a, b) => a.Both(b, Rows));
}

/// <summary>One of some conditions.</summary>
internal sealed class Either(Predicate[] parts, int rows) : Predicate(rows)
{
    public override int Cost => parts.Sum(p => p.Cost);

    public override void Evaluate(Span<ulong> bits)
    {
        parts[0].Evaluate(bits);
        foreach (var part in parts.AsSpan(1))
        {
            part.Widen(bits);
        }
    }

    public override RowEstimate Estimate() => parts.Select(p => p.Estimate()).Aggregate((a, b) => a.Either(b, Rows));
}

/// <summary>Every row where another condition does not hold.</summary>
internal sealed class Otherwise(Predicate inner, int rows) : Predicate(rows)
{
    public override int Cost => inner.Cost + 1;

    public override void Evaluate(Span<ulong> bits)
    {
        inner.Evaluate(bits);
        BitWords.Not(bits, Rows);
    }

    public override RowEstimate Estimate() => inner.Estimate().Without(Rows);
}

/// <summary>Rows that have a value, but not this one: <c>!=</c>.</summary>
internal sealed class Except(Column column, Predicate inner, int rows) : Predicate(rows)
{
    public override int Cost => inner.Cost + 1;

    public override void Evaluate(Span<ulong> bits)
    {
        column.Present.CopyTo(bits, Rows);
        inner.Remove(bits);
    }

    public override RowEstimate Estimate()
    {
        // What is excluded is part of what is there.
        var (there, excluded) = (column.Present.Count(Rows), inner.Estimate());
        return new RowEstimate(Math.Max(0, there - excluded.Most), Math.Max(0, there - excluded.Expected), Math.Max(0, there - excluded.Least));
    }
}

/// <summary>Rows whose bit is set: flags that are true, fields that are there.</summary>
internal sealed class Marked(GrowingBits marks, int rows) : Predicate(rows)
{
    public override int Cost => 1;

    public override void Evaluate(Span<ulong> bits) => marks.CopyTo(bits, Rows);

    public override RowEstimate Estimate() => RowEstimate.Exactly(marks.Count(Rows));
}
