using System.Text.Json;

namespace Skep.Memory.Exchange;

/// <summary>Reads a stream's JSON token by token, with no more of it in memory than the longest token.</summary>
internal sealed class JsonTokens(Stream stream, int maxToken)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _last;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = 8 });

    internal JsonTokenType Type { get; private set; }

    /// <summary>The text of a string or property name.</summary>
    internal string Text { get; private set; } = "";

    /// <summary>The value of a whole number.</summary>
    internal long? Number { get; private set; }

    /// <summary>Goes to the next token; false at the end.</summary>
    /// <exception cref="JsonException">It is not valid JSON.</exception>
    internal bool Read()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _last, _state);
            var read = reader.Read();
            if (read) Take(in reader);
            _state = reader.CurrentState;
            _start += (int)reader.BytesConsumed;
            if (read || _last) return read;
            Fill();
        }
    }

    private void Take(in Utf8JsonReader reader)
    {
        Type = reader.TokenType;
        Number = Type == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
        if (Type is not (JsonTokenType.String or JsonTokenType.PropertyName)) return;
        try
        {
            Text = reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a string is not valid text: half of a surrogate pair, or bytes that are not UTF-8.", e);
        }
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_end, _start) = (_end - _start, 0);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= maxToken) throw new JsonException($"a text has more than {maxToken} bytes.");
            Array.Resize(ref _buffer, Math.Min(maxToken, _buffer.Length * 2));
        }

        var count = stream.Read(_buffer, _end, _buffer.Length - _end);
        _last = count == 0;
        _end += count;
    }
}
