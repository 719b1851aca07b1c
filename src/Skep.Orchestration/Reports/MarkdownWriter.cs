using System.Text;

namespace Skep.Orchestration;

/// <summary>Writes headings, paragraphs and tables, a blank line apart.</summary>
internal sealed class MarkdownWriter
{
    private readonly StringBuilder _text = new();

    public void Heading(int level, string text) => Block($"{new string('#', level)} {MarkdownText.Escape(text)}\n");

    /// <summary>A paragraph of Markdown.</summary>
    public void Paragraph(string markdown) => Block(markdown + "\n");

    public void Bullets(IEnumerable<string> items) => Block(string.Concat(items.Select(i => $"- {i}\n")));

    public void Code(string text, string language = "text") => Block(MarkdownText.Block(text, language));

    /// <summary>A table. Cells are Markdown already; columns whose title begins with <c>&gt;</c> are set to the right.</summary>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new StringBuilder();
        Row(table, columns.Select(c => c.TrimStart('>')));
        table.Append('|').AppendJoin('|', columns.Select(c => c.StartsWith('>') ? "---:" : "---")).Append("|\n");
        foreach (var row in rows) Row(table, row);
        Block(table.ToString());
    }

    public override string ToString() => _text.ToString();

    private void Block(string block)
    {
        if (_text.Length > 0) _text.Append('\n');
        _text.Append(block);
    }

    private static void Row(StringBuilder table, IEnumerable<string> cells)
    {
        table.Append('|');
        foreach (var cell in cells) table.Append(' ').Append(cell).Append(cell.Length > 0 ? " |" : "|");
        table.Append('\n');
    }
}
