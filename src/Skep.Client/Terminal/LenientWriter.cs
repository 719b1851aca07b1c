using System.Text;

namespace Skep.Client.Terminal;

/// <summary>
/// Writes for a person. When the person has closed the terminal there is nobody to tell, and that must not change what becomes of a run:
/// from the first failure on nothing is written.
/// </summary>
internal sealed class LenientWriter(TextWriter inner) : TextWriter
{
    private volatile bool _gone;

    /// <inheritdoc />
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc />
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc />
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc />
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc />
    public override void Write(StringBuilder? value) => Write(value?.ToString());

    /// <inheritdoc />
    public override void WriteLine(string? value) => Write(value + "\n");

    /// <inheritdoc />
    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        if (_gone) return;
        try
        {
            write();
        }
        catch (IOException)
        {
            _gone = true;
        }
    }
}
