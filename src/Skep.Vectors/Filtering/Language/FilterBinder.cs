namespace Skep.Vectors.Filtering;

/// <summary>Joins a filter with columns: finds its fields, checks types, and makes predicates. Faults show where in the filter's text they are.</summary>
internal sealed class FilterBinder(FieldView view, string? source)
{
    // So many equal numbers are faster to look for one after the other than together.
    private const int FewNumbers = 32;

    private readonly int _rows = view.Rows;

    public static Predicate Bind(Filter filter, FieldView view)
    {
        try
        {
            return new FilterBinder(view, filter.Source).Bind(filter);
        }
        catch (VectorException) when (filter.Source is null)
        {
            // A filter that was built shows its faults in its canonical text.
            var read = Filter.Parse(filter.ToString());
            return new FilterBinder(view, read.Source).Bind(read);
        }
    }

    private Predicate Bind(Filter filter) => filter switch
    {
        AllOf all => new Together([.. all.Parts.Select(Bind)], _rows),
        AnyOf any => new Either([.. any.Parts.Select(Bind)], _rows),
        Negation not => new Otherwise(Bind(not.Inner), _rows),
        Compared c => Compare(c, Find(c, c.Field)),
        OneOf o => In(o, Find(o, o.Field)),
        Within w => Between(w, Find(w, w.Field)),
        Tagged t => Has(t, Find(t, t.Field)),
        Prefixed p => Starts(p, Find(p, p.Field)),
        Present e => new Marked(Find(e, e.Field).Present, _rows),
        _ => throw new InvalidOperationException($"A filter of an unknown kind: {filter.GetType()}."),
    };

    private Column Find(Filter at, string name)
    {
        if (view.Schema.TryFind(name, out var place))
        {
            return view.Slots[place].Column;
        }

        var hint = view.Schema.Nearest(name) is { } near ? $"; did you mean '{near}'?" : "";
        throw Fault(at.FieldAt, $"there is no field '{FieldNames.Shorten(name)}'{hint} (fields: {Shorten(view.Schema.ToString())})");
    }

    private Predicate Compare(Compared c, Column column) => column switch
    {
        _ when c.How == Comparison.NotEqual => new Except(column, Compare(Again(c, Comparison.Equal), column), _rows),
        FlagColumn flags => Flag(c, flags),
        TextColumn text => Text(c, text),
        RangeColumn<double> numbers => Number(c, numbers),
        RangeColumn<long> times => Time(c, times),
        _ => throw Fault(c.OperatorAt, $"'{c.Field}' is a set of tags; ask for one with {FieldNames.Quote(c.Field)} has \"...\""),
    };

    private static Compared Again(Compared c, Comparison how) => c with { How = how, Source = null, FieldAt = c.FieldAt, OperatorAt = c.OperatorAt, ValuesAt = c.ValuesAt };

    private Predicate Flag(Compared c, FlagColumn column)
    {
        if (c.How != Comparison.Equal)
        {
            throw Fault(c.OperatorAt, $"'{c.Field}' is a bool: there are = and != only");
        }

        return Wanted(c, 0, c.Value, FieldType.Flag).AsFlag ? new Marked(column.True, _rows) : new Except(column, new Marked(column.True, _rows), _rows);
    }

    private Predicate Text(Compared c, TextColumn column)
    {
        var text = Wanted(c, 0, c.Value, FieldType.Text).AsText;
        return c.How switch
        {
            Comparison.Equal => Codes(column.Dictionary, column.Postings, [text], single: true),
            Comparison.Less => new TextRangePredicate(column, new TextRange(null, false, text, false, null), _rows),
            Comparison.LessOrEqual => new TextRangePredicate(column, new TextRange(null, false, text, true, null), _rows),
            Comparison.Greater => new TextRangePredicate(column, new TextRange(text, false, null, false, null), _rows),
            _ => new TextRangePredicate(column, new TextRange(text, true, null, false, null), _rows),
        };
    }

    private RangePredicate<double> Number(Compared c, RangeColumn<double> column)
    {
        var number = Wanted(c, 0, c.Value, FieldType.Number).AsNumber;
        var (least, most) = c.How switch
        {
            Comparison.Equal => (number, number),
            Comparison.Less => (double.NegativeInfinity, Math.BitDecrement(number)),
            Comparison.LessOrEqual => (double.NegativeInfinity, number),
            Comparison.Greater => (Math.BitIncrement(number), double.PositiveInfinity),
            _ => (number, double.PositiveInfinity),
        };
        return new RangePredicate<double>(column, least, most, _rows);
    }

    private RangePredicate<long> Time(Compared c, RangeColumn<long> column)
    {
        var ticks = Wanted(c, 0, c.Value, FieldType.Time).AsTicks;
        var (least, most) = c.How switch
        {
            Comparison.Equal => (ticks, ticks),
            Comparison.Less => (0, ticks - 1),
            Comparison.LessOrEqual => (0, ticks),
            Comparison.Greater => (ticks + 1, long.MaxValue),
            _ => (ticks, long.MaxValue),
        };
        return new RangePredicate<long>(column, least, most, _rows);
    }

    private Predicate In(OneOf o, Column column) => column switch
    {
        TextColumn text => Codes(text.Dictionary, text.Postings, o.Values.Select((v, i) => Wanted(o, i, v, FieldType.Text).AsText), single: true),
        RangeColumn<double> numbers => OneOf(numbers, [.. o.Values.Select((v, i) => Wanted(o, i, v, FieldType.Number).AsNumber)]),
        RangeColumn<long> times => OneOf(times, [.. o.Values.Select((v, i) => Wanted(o, i, v, FieldType.Time).AsTicks)]),
        FlagColumn flags => new Either([.. o.Values.Select((v, i) => Flag(new Compared(o.Field, Comparison.Equal, Wanted(o, i, v, FieldType.Flag)), flags))], _rows),
        _ => throw Fault(o.OperatorAt, $"'{o.Field}' is a set of tags; ask for one after the other with {FieldNames.Quote(o.Field)} has \"...\" or ..."),
    };

    private Predicate OneOf<T>(RangeColumn<T> column, T[] values)
        where T : struct, System.Numerics.INumber<T>
    {
        T[] sorted = [.. values.Distinct().Order()];
        return sorted.Length > FewNumbers
            ? new SetPredicate<T>(column, sorted, _rows)
            : new Either([.. sorted.Select(v => new RangePredicate<T>(column, v, v, _rows))], _rows);
    }

    private Predicate Between(Within w, Column column) => column switch
    {
        RangeColumn<double> numbers => new RangePredicate<double>(
            numbers, Wanted(w, 0, w.Least, FieldType.Number).AsNumber, Wanted(w, 1, w.Most, FieldType.Number).AsNumber, _rows),
        RangeColumn<long> times => new RangePredicate<long>(
            times, Wanted(w, 0, w.Least, FieldType.Time).AsTicks, Wanted(w, 1, w.Most, FieldType.Time).AsTicks, _rows),
        TextColumn text => new TextRangePredicate(
            text, new TextRange(Wanted(w, 0, w.Least, FieldType.Text).AsText, true, Wanted(w, 1, w.Most, FieldType.Text).AsText, true, null), _rows),
        _ => throw Fault(w.OperatorAt, $"'{w.Field}' is {What(column)}: 'between' needs a number, a time or a string"),
    };

    private Predicate Has(Tagged t, Column column) => column is TagColumn tags
        ? Codes(tags.Dictionary, tags.Postings, [Wanted(t, 0, t.Tag, FieldType.Text).AsText], single: false)
        : throw Fault(t.OperatorAt, $"'{t.Field}' is {What(column)}: 'has' needs a set of tags");

    private TextRangePredicate Starts(Prefixed p, Column column) => column is TextColumn text
        ? new TextRangePredicate(text, new TextRange(null, false, null, false, Wanted(p, 0, p.Prefix, FieldType.Text).AsText), _rows)
        : throw Fault(p.OperatorAt, $"'{p.Field}' is {What(column)}: 'starts' needs a string");

    private Predicate Codes(TextDictionary dictionary, Postings postings, IEnumerable<string> texts, bool single)
    {
        int[] codes = [.. texts.Select(dictionary.Find).Where(code => code >= 0).Distinct()];
        return codes.Length == 0 ? new Nowhere(_rows) : new CodePredicate(postings, codes, single, _rows);
    }

    /// <summary>A value as the field needs it; a string that is a time passes for one.</summary>
    private FieldValue Wanted(Filter at, int index, FieldValue value, FieldType type)
    {
        if (value.Type == type)
        {
            return value;
        }

        var field = Name(at);
        if (type == FieldType.Time && value.Type == FieldType.Text)
        {
            return TimeText.TryParse(value.AsText, out var ticks) ? FieldValue.Time(ticks)
                : throw Fault(Place(at, index), $"'{field}' is a time, and {Shorten(value.ToString())} is none; expected {TimeText.Expected}");
        }

        // A field's name alone asks whether it is true.
        throw at.ValuesAt.Length == 0 && at is Compared
            ? Fault(at.FieldAt, $"'{field}' is a {type.Name()}, and only a bool is a condition by itself; compare it with a value, or ask whether it 'exists'")
            : Fault(Place(at, index), $"'{field}' is a {type.Name()}, and {Shorten(value.ToString())} is a {value.Type.Name()}{Hint(type)}");
    }

    private static string Hint(FieldType type) => type switch
    {
        FieldType.Text => "; write strings between quotes",
        FieldType.Number => "; write numbers without quotes, such as 0.5",
        FieldType.Flag => "; write true or false",
        FieldType.Time => $"; expected {TimeText.Expected}",
        _ => "",
    };

    private static string Name(Filter at) => at switch
    {
        Compared c => c.Field,
        OneOf o => o.Field,
        Within w => w.Field,
        Tagged t => t.Field,
        Prefixed p => p.Field,
        _ => "",
    };

    private static Stretch Place(Filter at, int index) => index < at.ValuesAt.Length ? at.ValuesAt[index] : at.FieldAt;

    private static string What(Column column) => column switch
    {
        TextColumn => "a string",
        FlagColumn => "a bool",
        TagColumn => "a set of tags",
        RangeColumn<double> => "a number",
        _ => "a time",
    };

    private static string Shorten(string text) => text.Length <= 300 ? text : string.Concat(text.AsSpan(0, 297), "...");

    private VectorException Fault(Stretch at, string what) => FilterError.At(source ?? "", at, what);
}
