namespace Skep.Models;

/// <summary>
/// Counts by the rule of <see cref="TokenEstimate"/>, a character at a time. The rule is a machine with few states (in which kind of run, and how long it is so far),
/// worked out once into a table: a step is a look into it, because whole conversations pass here before every call.
/// </summary>
internal struct TokenCounter
{
    private const int KindBits = 3;
    private const int StateBits = 5;
    private const int StateMask = (1 << StateBits) - 1;

    // For each ASCII character its kind; for each state and kind the next state, and above it the tokens that the step costs.
    private static readonly byte[] Kinds = [.. Enumerable.Range(0, 128).Select(c => (byte)KindOf((char)c))];
    private static readonly byte[] Steps = WorkOut();

    private int _state;
    private long _sum;

    private enum Kind
    {
        None,
        Lower,
        Upper,
        Digit,
        Blank,
        Line,
        Other,
    }

    /// <summary>The count, with a quarter added.</summary>
    public readonly long Total => _sum + (_sum + 3) / 4;

    /// <summary>Counts a text.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        var (state, sum) = (_state, _sum);
        foreach (var c in text)
        {
            if (c < 128)
            {
                var step = Steps[(state << KindBits) | Kinds[c]];
                state = step & StateMask;
                sum += step >> StateBits;
            }
            else
            {
                sum += c is >= '\u2E80' or (>= '\u0900' and <= '\u109F') ? 2 : 1;
                state = 0;
            }
        }

        (_state, _sum) = (state, sum);
    }

    /// <summary>Counts UTF-8. Outside of ASCII each byte costs one: two for most letters, three for Chinese, which is on the high side still.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        var (state, sum) = (_state, _sum);
        foreach (var b in text)
        {
            var step = b < 128 ? Steps[(state << KindBits) | Kinds[b]] : 1 << StateBits;
            state = step & StateMask;
            sum += step >> StateBits;
        }

        (_state, _sum) = (state, sum);
    }

    private static Kind KindOf(char c) => c switch
    {
        >= 'a' and <= 'z' => Kind.Lower,
        >= 'A' and <= 'Z' => Kind.Upper,
        >= '0' and <= '9' => Kind.Digit,
        ' ' or '\t' => Kind.Blank,
        '\n' => Kind.Line,
        '\r' => Kind.None,
        _ => Kind.Other,
    };

    private static byte[] WorkOut()
    {
        List<(Kind Kind, int Run)> states = [(Kind.None, 1)];
        var steps = new List<byte>();
        for (var state = 0; state < states.Count; state++)
        {
            for (var kind = Kind.None; kind <= Kind.Other + 1; kind++)
            {
                var (next, cost) = Step(states[state], kind);
                if (!states.Contains(next)) states.Add(next);
                steps.Add((byte)(states.IndexOf(next) | (cost << StateBits)));
            }
        }

        return [.. steps];
    }

    // The rule itself. A small letter goes on with the word of a single capital before it.
    private static ((Kind, int) Next, int Cost) Step((Kind Kind, int Run) before, Kind kind)
    {
        var goesOn = kind == before.Kind || (kind == Kind.Lower && before is (Kind.Upper, 1));
        var run = goesOn ? before.Run + 1 : 1;
        return kind switch
        {
            Kind.Lower => ((kind, (run - 1) % 3 + 1), run % 3 == 1 ? 1 : 0),
            Kind.Upper => ((kind, run == 1 ? 1 : (run - 2) % 3 + 2), run % 3 == 1 ? 1 : 0),
            Kind.Digit => ((kind, (run - 1) % 2 + 1), run % 2 == 1 ? 1 : 0),
            Kind.Blank => ((kind, (run - 1) % 4 + 1), run % 4 == 2 ? 1 : 0),
            Kind.Line or Kind.Other => ((Kind.None, 1), 1),
            _ => ((Kind.None, 1), 0),
        };
    }
}
