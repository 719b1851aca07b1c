using System.CommandLine;
using System.Text.Unicode;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory store</c>.</summary>
internal sealed class MemoryStoreCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _path = MemoryOptions.Path();
    private readonly Argument<string?> _value = new("VALUE") { Description = "The value; - reads it from standard input.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _file = new("--file", "-f") { Description = "Take the value from a file.", HelpName = "FILE" };
    private readonly Option<string?> _ttl = new("--ttl") { Description = "After which time the entry is gone, such as 30s, 10m, 2h, 7d. Without it, never.", HelpName = "TIME" };
    private readonly Option<string?> _type = new("--type") { Description = "Content type: text, json, binary, or in full (text/plain, …). text unless given.", HelpName = "TYPE" };
    private readonly Option<long?> _ifVersion = MemoryOptions.IfVersion("Store only if the entry has this version; 0: only if there is none. Otherwise exit with 8.");
    private readonly Option<string[]> _tags = new("--tag") { Description = "A word that filters can ask for; may be given several times.", HelpName = "TAG" };
    private readonly Option<string?> _vector = new("--vector") { Description = "Find the entry by this vector: a JSON array of numbers, or @FILE with one. Needs --vector-model.", HelpName = "NUMBERS" };
    private readonly Option<string?> _vectorModel = new("--vector-model") { Description = "What made the vector: NAME:DIMENSIONS:unit, or :raw where it is not normalised.", HelpName = "MODEL" };
    private readonly Option<string?> _namespace = MemoryOptions.Namespace();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryStoreCommand(CliContext cli)
        : base("store", "Stores a value; it is on disk when the command ends.", "skep memory store swarm/worker-1/status busy --ttl 10m", "skep memory store config/limits --file limits.json --type json", "skep memory store counter 42 --if-version 7")
    {
        _cli = cli;
        Add(_path);
        Add(_value);
        foreach (var option in new Option[] { _file, _ttl, _type, _ifVersion, _tags, _vector, _vectorModel, _namespace, _json, _dir }) Add(option);
        SetAction(StoreAsync);
    }

    private async Task<int> StoreAsync(ParseResult parsed, CancellationToken cancel)
    {
        var bytes = ValueSource.Read(_cli, parsed.GetValue(_value), parsed.GetValue(_file));
        var args = new MemoryArgs
        {
            Path = MemoryOptions.Join(parsed.GetValue(_namespace), parsed.GetValue(_path)!),
            // Short texts stay readable in what goes over the socket.
            Text = bytes.Length <= ValueSource.MaxText && Utf8.IsValid(bytes) ? System.Text.Encoding.UTF8.GetString(bytes) : null,
            Base64 = bytes.Length <= ValueSource.MaxText && Utf8.IsValid(bytes) ? null : Convert.ToBase64String(bytes),
            Type = parsed.GetValue(_type),
            TtlMs = parsed.GetValue(_ttl) is { } ttl ? TtlText.Parse(ttl) : null,
            IfVersion = parsed.GetValue(_ifVersion),
            Tags = parsed.GetValue(_tags) is { Length: > 0 } tags ? tags : null,
            Vector = parsed.GetValue(_vector) is { } vector ? VectorText.Parse(_cli, vector) : null,
            VectorModel = parsed.GetValue(_vectorModel),
            Agent = Known("SKEP_AGENT"),
            Task = Known("SKEP_TASK_ID"),
            Run = Known("SKEP_RUN_ID"),
        };
        var stored = await MemoryCalls.InOrNew(_cli, parsed.GetValue(_dir)).WriteAsync(MemoryOps.Store, args, MemoryJson.Default.MemoryWriteMessage, cancel);
        _cli.Out.WriteLine(parsed.GetValue(_json) ? MemoryText.Json(stored, MemoryJson.Default.MemoryWriteMessage) : Line(stored));
        return ExitCodes.Ok;
    }

    private string? Known(string variable) => _cli.Variable(variable) is { Length: > 0 } value ? value : null;

    private string Line(MemoryWriteMessage stored) =>
        $"stored {stored.Path}, version {stored.Version}{(stored.Expires is { } expires ? $", expires in {MemoryText.Left(expires, _cli.Time.GetUtcNow())}" : "")}";
}
