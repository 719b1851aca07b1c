using Skep.Storage.Sqlite;

namespace Skep.Storage.Writing;

/// <summary>Gives event types small numbers, so that an event does not repeat its type's name.</summary>
internal sealed class EventTypes(Database database)
{
    private readonly Dictionary<string, EventType> _known = [];
    private readonly SqlStatement _insert = database.Prepare("INSERT INTO event_types (id, name) VALUES (?1, ?2)");
    private readonly SqlStatement _all = database.Prepare("SELECT id, name FROM event_types");
    private long _last;

    /// <summary>The type's number, given now when it is new.</summary>
    internal EventType Of(string name) => _known.TryGetValue(name, out var type) ? type : Add(name);

    /// <summary>Reads them from the database: at the start, and when a transaction that may have added some was rolled back.</summary>
    internal void Load()
    {
        _known.Clear();
        _last = 0;
        while (_all.Step())
        {
            var id = _all.Number(0);
            var name = _all.Text(1);
            _known[name] = new EventType(id, Checksum.Of(name));
            _last = Math.Max(_last, id);
        }

        _all.Reset();
    }

    /// <summary>How many more can be added.</summary>
    internal int Room => StorageLimits.MaxEventTypes - _known.Count;

    internal bool IsKnown(string name) => _known.ContainsKey(name);

    private EventType Add(string name)
    {
        var type = new EventType(_last + 1, Checksum.Of(name));
        _insert.Bind(1, type.Id).Bind(2, name).Run();
        _known.Add(name, type);
        _last = type.Id;
        return type;
    }
}

/// <summary>A type's number and the checksum of its name.</summary>
internal readonly record struct EventType(long Id, uint NameChecksum);
