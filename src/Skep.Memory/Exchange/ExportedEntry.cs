using Skep.Memory.Tables;

namespace Skep.Memory.Exchange;

/// <summary>An entry of a file.</summary>
internal sealed record ExportedEntry(string Path, long Version, EntryContent Content);
