using System.Text.Json;

namespace Skep.Memory.Exchange;

/// <summary>Reads an exported file, checking everything that can be checked without the memory.</summary>
internal sealed class ExportReader
{
    private readonly JsonTokens _tokens;
    private readonly MemoryLimits _limits;
    private long _entry;

    private ExportReader(Stream source, MemoryLimits limits) => (_tokens, _limits) = (new JsonTokens(source, ExportFormat.MaxToken(limits)), limits);

    /// <summary>Which entries the file has all of.</summary>
    internal MemoryPrefix Prefix { get; private set; } = MemoryPrefix.All;

    /// <summary>Reads the beginning, up to the first entry.</summary>
    internal static ExportReader Open(Stream source, MemoryLimits limits)
    {
        var reader = new ExportReader(source, limits);
        reader.Guarded(() =>
        {
            reader.Begin();
            return true;
        });
        return reader;
    }

    /// <summary>The entries, in order of their paths; each path once.</summary>
    internal IEnumerable<ExportedEntry> Entries()
    {
        var last = "";
        while (Guarded(Next) is { } entry)
        {
            if (string.CompareOrdinal(entry.Path, last) <= 0) throw Bad($"'{entry.Path}' comes after '{last}': entries must be sorted by path, each path once");
            if (!Prefix.Contains(entry.Path)) throw Bad($"'{entry.Path}' does not belong to the file's prefix '{Prefix.Text}'");
            last = entry.Path;
            yield return entry;
        }
    }

    private void Begin()
    {
        Expect(JsonTokenType.StartObject, "an object");
        if (Property("format", JsonTokenType.String) != ExportFormat.Format) throw Bad($"it is not an export of a memory: its \"format\" should be \"{ExportFormat.Format}\"");
        Property("version", JsonTokenType.Number);
        if (_tokens.Number != ExportFormat.Version) throw Bad($"its format version is not {ExportFormat.Version}, which is all that this program reads: use a newer program");
        Prefix = MemoryPrefix.Parse(Property("prefix", JsonTokenType.String));
        Property("entries", JsonTokenType.StartArray);
    }

    private ExportedEntry? Next()
    {
        Read();
        if (_tokens.Type == JsonTokenType.EndArray)
        {
            Expect(JsonTokenType.EndObject, "the end of the object after \"entries\"");
            if (_tokens.Read()) throw Bad("there is something after its end");
            return null;
        }

        _entry++;
        if (_tokens.Type != JsonTokenType.StartObject) throw Bad("an entry must be an object");
        return Entry();
    }

    private ExportedEntry Entry()
    {
        var fields = new EntryFields();
        for (Read(); _tokens.Type != JsonTokenType.EndObject; Read())
        {
            var name = _tokens.Text;
            Read();
            if (fields.Set(name, _tokens) is { } fault) throw Bad(fault);
        }

        var entry = fields.ToEntry(out var missing) ?? throw Bad(missing);
        Check(entry);
        return entry;
    }

    private void Check(ExportedEntry entry)
    {
        var content = entry.Content;
        var request = new StoreRequest(entry.Path, content.Value) { ContentType = content.Type, Author = content.Author, Tags = content.Tags ?? [], Vector = content.Vector };
        if (request.Require(_limits).Full != entry.Path) throw Bad($"'{entry.Path}' lacks its namespace: write '{MemoryPath.Parse(entry.Path)}'");
    }

    private string Property(string name, JsonTokenType type)
    {
        Read();
        if (_tokens.Type != JsonTokenType.PropertyName || _tokens.Text != name) throw Bad($"\"{name}\" is missing: the object begins with format, version, prefix, entries, in that order");
        Expect(type, $"a {type} as \"{name}\"");
        return _tokens.Text;
    }

    private void Expect(JsonTokenType type, string what)
    {
        Read();
        if (_tokens.Type != type) throw Bad($"{what} was expected where there is a {_tokens.Type}");
    }

    private void Read()
    {
        if (!_tokens.Read()) throw Bad("it ends too early");
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JsonException e)
        {
            throw new MemoryException(MemoryFault.BadFile, Text("it is not valid JSON: " + e.Message), e);
        }
        catch (MemoryException e) when (e.Fault != MemoryFault.BadFile)
        {
            throw new MemoryException(MemoryFault.BadFile, Text(e.Message), e);
        }
    }

    private MemoryException Bad(string fault) => new(MemoryFault.BadFile, Text(fault));

    private string Text(string fault) => $"the file cannot be restored, nothing was changed: {(_entry == 0 ? "" : $"entry {_entry}: ")}{fault}";
}
