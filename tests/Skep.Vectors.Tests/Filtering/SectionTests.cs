using System.Buffers;
using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Filtering;

/// <summary>Columns and rows as bytes: what is read back, and what is refused.</summary>
public sealed class SectionTests
{
    private static readonly FieldValues Row = new()
    {
        ["kind"] = "note", ["score"] = 0.5, ["done"] = true, ["when"] = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), ["tags"] = new[] { "b", "a" },
    };

    internal static byte[] Bytes(FieldView view)
    {
        var writer = new ArrayBufferWriter<byte>();
        view.Write(writer);
        return writer.WrittenSpan.ToArray();
    }

    private static byte[] Bytes(FieldValues row)
    {
        var writer = new ArrayBufferWriter<byte>();
        FieldRow.Write(row, writer);
        return writer.WrittenSpan.ToArray();
    }

    [Fact]
    public void A_row_of_a_log_is_read_back_and_says_where_it_ends()
    {
        var bytes = Bytes(Row);

        var read = FieldRow.Read([.. bytes, 1, 2, 3], out var used);

        Assert.Equal(Row, read);
        Assert.Equal(bytes.Length, used);
        Assert.Equal(bytes.Length, FieldRow.Size(Row));
        Assert.Equal(new FieldValues(), FieldRow.Read(Bytes(new FieldValues()), out _));
    }

    [Fact]
    public void The_bytes_of_a_row_stay_as_they_were_in_the_first_version()
    {
        var bytes = Bytes(new FieldValues { ["a"] = "é", ["b"] = 1.0, ["c"] = false, ["d"] = FieldValue.Time(1), ["e"] = new[] { "t" } });

        Assert.Equal("01050001006101" + "0200C3A9" + "01006202" + "000000000000F03F" + "01006303" + "00" + "01006404" + "0100000000000000" + "01006505" + "01010074", Convert.ToHexString(bytes));
    }

    [Fact]
    public void The_bytes_of_columns_stay_as_they_were_in_the_first_version()
    {
        var columns = FilterModelTests.Columns(
            [new FieldValues { ["k"] = "x", ["n"] = 1.0 }, new FieldValues { ["k"] = "y", ["f"] = true }, new FieldValues { ["k"] = "x", ["t"] = new[] { "p", "q" } }], FieldSchema.Open);

        const string Frozen = "534B4643" + "0100" + "01" + "03000000" + "0400"
            + "01006B01" + "1E00000000000000" + "0700000000000000" + "02000000" + "010078" + "010079" + "000000000100000000000000"
            + "01006E02" + "1000000000000000" + "0100000000000000" + "000000000000F03F"
            + "01006603" + "1000000000000000" + "0200000000000000" + "0200000000000000"
            + "01007405" + "1B00000000000000" + "0400000000000000" + "02000000" + "010070" + "010071" + "020000000001000000";
        Assert.Equal(Frozen, Convert.ToHexString(Bytes(columns.View)));
        Assert.Equal(columns.View.Get(2), FieldColumns.Read(Convert.FromHexString(Frozen)).View.Get(2));
    }

    [Fact]
    public void Bytes_that_end_early_or_are_turned_are_refused_or_read_and_never_worse()
    {
        var bytes = Bytes(FilterModelTests.Columns(Enumerable.Repeat(Row, 3)).View);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(VectorFault.Damaged, Assert.Throws<VectorException>(() => FieldColumns.Read(bytes.AsSpan(0, length))).Fault);
        }

        var refused = 0;
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            refused += IsRefused(() => FieldColumns.Read(bytes)) ? 1 : 0;
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }

        // The rest turned a letter, a number or a flag into another one that could be there: checksums are the file's.
        Assert.InRange(refused, bytes.Length, bytes.Length * 8);
        Assert.Equal(3, FieldColumns.Read(bytes).View.Rows);
    }

    [Fact]
    public void A_row_that_ends_early_or_is_turned_is_refused_or_read_and_never_worse()
    {
        var bytes = Bytes(Row);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(VectorFault.Damaged, Assert.Throws<VectorException>(() => FieldRow.Read(bytes.AsSpan(0, length), out _)).Fault);
        }

        var refused = 0;
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            refused += IsRefused(() => FieldRow.Read(bytes, out _)) ? 1 : 0;
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }

        Assert.InRange(refused, 50, bytes.Length * 8);
    }

    [Fact]
    public void A_later_version_is_called_one()
    {
        var section = Bytes(FilterModelTests.Columns([Row]).View);
        section[4] = 2;
        var row = Bytes(Row);
        row[0] = 2;

        Assert.Equal(VectorFault.Incompatible, Assert.Throws<VectorException>(() => FieldColumns.Read(section)).Fault);
        Assert.Equal(VectorFault.Incompatible, Assert.Throws<VectorException>(() => FieldRow.Read(row, out _)).Fault);
    }

    [Fact]
    public void An_older_view_is_written_without_what_came_since()
    {
        var columns = FilterModelTests.Columns([Row]);
        var old = columns.View;
        var before = Bytes(old);
        columns.Append(new FieldValues { ["kind"] = "other", ["tags"] = new[] { "new", "a" }, ["done"] = true, ["score"] = 3 });

        Assert.Equal(before, Bytes(old));
        Assert.Equal(2, FieldColumns.Read(Bytes(columns.View)).View.Rows);
    }

    private static bool IsRefused(Action read)
    {
        try
        {
            read();
            return false;
        }
        catch (VectorException e)
        {
            Assert.Contains(e.Fault, new[] { VectorFault.Damaged, VectorFault.Incompatible });
            return true;
        }
    }
}
