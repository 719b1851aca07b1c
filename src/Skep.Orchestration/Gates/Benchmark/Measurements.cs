using System.Buffers;
using System.Text.Json;
using Skep.Orchestration.Processes;

namespace Skep.Orchestration.Benchmarking;

/// <summary>Samples of one benchmark.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Unit of the samples, such as <c>ms</c>.</param>
/// <param name="Samples">Positive numbers.</param>
internal sealed record Measured(string Name, string Unit, IReadOnlyList<double> Samples);

/// <summary>
/// Reads and writes files of measurements: <c>{"benchmarks":[{"name":…,"unit":…,"samples":[…]}]}</c>. Full JSON reports of BenchmarkDotNet are
/// read, too. Several entries of one name are one benchmark: so do the parts of a measurement by several processes come together.
/// </summary>
internal static class Measurements
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Most benchmarks in a file.</summary>
    public const int MaxBenchmarks = 1_000;

    /// <summary>Most samples of one benchmark.</summary>
    public const int MaxSamples = 10_000;

    /// <summary>Longest name.</summary>
    public const int MaxName = 300;

    /// <exception cref="FormatException">It is no such file, or exceeds a bound.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<Measured> Read(GateFile file)
    {
        using var stream = PlainFile.Open(file.Path) ?? throw new FormatException($"'{file.Name}' is no plain file");
        if (stream.Length > MaxBytes) throw new FormatException($"'{file.Name}' has {stream.Length} bytes; measurements of up to {MaxBytes} bytes are read");
        try
        {
            using var json = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 32 });
            return Merge(Entries(json.RootElement), file.Name);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"'{file.Name}' holds no measurements: {e.Message}; wanted is {{\"benchmarks\":[{{\"name\":…,\"unit\":…,\"samples\":[…]}}]}} or BenchmarkDotNet's full JSON report", e);
        }
    }

    /// <summary>The file's text.</summary>
    public static byte[] Write(IEnumerable<Measured> measured)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("benchmarks");
            foreach (var one in measured.OrderBy(m => m.Name, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("name", one.Name);
                json.WriteString("unit", one.Unit);
                json.WritePropertyName("samples");
                // On one line: a sample a line would make the file unreadable.
                json.WriteRawValue("[" + string.Join(", ", one.Samples.Select(s => s.ToString("R", System.Globalization.CultureInfo.InvariantCulture))) + "]");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, .. "\n"u8];
    }

    private static IEnumerable<Measured> Entries(JsonElement root)
    {
        if (root.TryGetProperty("benchmarks", out var own))
        {
            foreach (var entry in own.EnumerateArray())
                yield return new Measured(Text(entry.GetProperty("name")), entry.TryGetProperty("unit", out var unit) ? Text(unit) : "", Samples(entry.GetProperty("samples")));
            yield break;
        }

        foreach (var entry in root.GetProperty("Benchmarks").EnumerateArray())
        {
            // A benchmark that failed has no statistics.
            if (entry.TryGetProperty("Statistics", out var statistics) && statistics.ValueKind == JsonValueKind.Object)
                yield return new Measured(Text(entry.GetProperty("FullName")), "ns", Samples(statistics.GetProperty("OriginalValues")));
        }
    }

    private static List<Measured> Merge(IEnumerable<Measured> entries, string file)
    {
        var all = new Dictionary<string, Measured>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!all.TryGetValue(entry.Name, out var known))
            {
                if (all.Count == MaxBenchmarks) throw new FormatException($"'{file}' has more than {MaxBenchmarks} benchmarks");
                known = entry with { Samples = [] };
            }

            if (known.Unit != entry.Unit) throw new FormatException($"'{file}' gives '{entry.Name}' in {known.Unit} and in {entry.Unit}");
            if (known.Samples.Count + entry.Samples.Count > MaxSamples) throw new FormatException($"'{file}' has more than {MaxSamples} samples of '{entry.Name}'");
            all[entry.Name] = entry with { Samples = [.. known.Samples, .. entry.Samples] };
        }

        return all.Count > 0 ? [.. all.Values] : throw new FormatException($"'{file}' holds no benchmark with samples");
    }

    private static string Text(JsonElement element) =>
        element.GetString() is { Length: > 0 and <= MaxName } text ? text : throw new FormatException($"a name or unit of a benchmark must have 1 to {MaxName} characters");

    private static double[] Samples(JsonElement list)
    {
        var samples = list.EnumerateArray().Select(s => s.GetDouble()).ToArray();
        return Array.TrueForAll(samples, s => double.IsFinite(s) && s > 0) ? samples : throw new FormatException("a sample is not a positive number; ratios of others mean nothing");
    }
}
