using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Skep.Bench;

/// <summary>A client of a real MCP server process: a line out, lines in until the answer. Nothing of a library is measured with it.</summary>
internal sealed class McpClient : IDisposable
{
    private readonly Process _process;
    private int _id;

    private McpClient(Process process) => _process = process;

    public static McpClient Start(string program, string directory, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("SKEP_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        return new McpClient(Process.Start(start)!);
    }

    /// <summary>CPU that the server has used until now.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Bytes of memory that it holds.</summary>
    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The most that it held.</summary>
    public long MostResident
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    public void Begin()
    {
        Ask("initialize", json =>
        {
            json.WriteString("protocolVersion", "2025-06-18");
            json.WriteStartObject("capabilities");
            json.WriteEndObject();
            json.WriteStartObject("clientInfo");
            json.WriteString("name", "bench");
            json.WriteString("version", "1");
            json.WriteEndObject();
        });
        Say("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
    }

    public string List() => Ask("tools/list", static _ => { });

    /// <summary>Calls a tool that must succeed.</summary>
    public string Call(string tool, Action<Utf8JsonWriter> arguments)
    {
        var answer = Ask("tools/call", json =>
        {
            json.WriteString("name", tool);
            json.WriteStartObject("arguments");
            arguments(json);
            json.WriteEndObject();
        });
        if (answer.Contains("\"isError\":true", StringComparison.Ordinal) || !answer.Contains("\"result\"", StringComparison.Ordinal)) throw new InvalidOperationException(answer);
        return answer;
    }

    /// <summary>Leaves, and waits until the server has ended.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Ask(string method, Action<Utf8JsonWriter> write)
    {
        var id = ++_id;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            json.WriteNumber("id", id);
            json.WriteString("method", method);
            json.WriteStartObject("params");
            write(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        Say(Encoding.UTF8.GetString(buffer.ToArray()));
        while (_process.StandardOutput.ReadLine() is { } line)
            if (line.Contains($"\"id\":{id},", StringComparison.Ordinal)) return line;
        throw new InvalidOperationException($"the server ended before it had answered {method}");
    }

    private void Say(string line)
    {
        _process.StandardInput.Write(line + "\n");
        _process.StandardInput.Flush();
    }
}
