using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Skep.Client.Commands;

/// <summary>Sends requests to families, and turns refusals into exit codes.</summary>
internal static class FamilyCalls
{
    private static readonly JsonWriterOptions Pretty = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Carries a request out and returns its result.</summary>
    /// <exception cref="CliException">It was refused.</exception>
    public static async Task<JsonElement> AskAsync(CliContext cli, SkepFolder folder, string op, JsonElement args, Action<JsonElement>? receive = null, TimeSpan? patience = null, CancellationToken cancel = default)
    {
        var request = new ControlRequest { Op = op, Args = args, By = cli.Who };
        var options = cli.ConfigureHost(new SkepHostOptions { Time = cli.Time });
        return ResultOf(await ControlClient.CallAsync(folder, request, receive, options, patience, cancel));
    }

    /// <summary>The result of an answer.</summary>
    /// <exception cref="CliException">It is a refusal.</exception>
    public static JsonElement ResultOf(ControlResponse response) =>
        response.Ok ? response.Result ?? default : throw new CliException(CodeOf(response.Code), response.Error ?? "refused");

    /// <summary>An object with what is written into it.</summary>
    public static JsonElement Args(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>A text that is left out when there is none.</summary>
    public static void Maybe(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    /// <summary>JSON for people and programs: indented.</summary>
    public static string Text(JsonElement value)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Pretty)) value.WriteTo(json);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    private static int CodeOf(string? code) => code switch
    {
        RequestCodes.BadRequest or RequestCodes.TooLarge => ExitCodes.Usage,
        RequestCodes.NotFound or RequestCodes.Conflict or RequestCodes.Refused or RequestCodes.TimedOut => ExitCodes.Refused,
        RequestCodes.Storage or RequestCodes.Version => ExitCodes.Storage,
        _ => ExitCodes.Internal,
    };
}
