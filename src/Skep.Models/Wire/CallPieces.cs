using System.Text;

namespace Skep.Models.Wire;

/// <summary>A tool call while its pieces come in.</summary>
internal sealed class CallPieces(long index)
{
    private string? _first;
    private StringBuilder? _more;

    /// <summary>Its place among the calls, or blocks, of the answer.</summary>
    public long Index => index;

    public string Id { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>The arguments so far.</summary>
    public string Arguments => _more?.ToString() ?? _first ?? "";

    // Many servers send all in one piece.
    public void Add(string? piece)
    {
        if (string.IsNullOrEmpty(piece)) return;
        if (_first is null) _first = piece;
        else (_more ??= new StringBuilder(_first)).Append(piece);
    }
}
