using Skep.Orchestration;
using Skep.Orchestration.Processes;

namespace Skep.Coding.Agents;

/// <summary>Finds adapters: files of the folder, then of the plan's folder, then the built-in ones. A file takes precedence over a built-in one of its name.</summary>
internal static class AdapterCatalog
{
    /// <summary>The folder of adapters, in <c>.skep</c> and beside a plan.</summary>
    public const string FolderName = "adapters";

    private const int MaxName = 64;

    /// <summary>The adapter of an agent.</summary>
    /// <exception cref="CodingException">There is none of its name, or its file cannot be used.</exception>
    public static CodingAdapter Find(AttemptRequest request)
    {
        var name = request.Agent.Uses ?? CodingAdapter.Claude.Name;
        if (name.Length is 0 or > MaxName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new CodingException($"'uses: {name}' of agent '{request.Agent.Id}' is no name of an adapter: use letters, digits, '-' and '_'");
        string[] places = [Path.Combine(request.SkepDirectory, FolderName, name + ".yaml"), Path.Combine(request.PlanDirectory, FolderName, name + ".yaml")];
        foreach (var place in places)
            if (File.Exists(place)) return AdapterKeys.Read(name, ReadText(place), place);
        return CodingAdapter.BuiltIn.FirstOrDefault(a => a.Name == name)
            ?? throw new CodingException($"there is no adapter '{name}' for agent '{request.Agent.Id}': describe the CLI in {places[0]}, or use one that is built in ({string.Join(", ", CodingAdapter.BuiltIn.Select(a => a.Name))})");
    }

    /// <summary>Absolute path of an adapter's program.</summary>
    /// <exception cref="CodingException">It is not there.</exception>
    public static string ProgramOf(CodingAdapter adapter, IReadOnlyDictionary<string, string> host, IReadOnlyDictionary<string, string> environment)
    {
        var named = adapter.ProgramVariable is { } variable ? host.GetValueOrDefault(variable, "") : "";
        try
        {
            return ProgramPath.Resolve(named.Length > 0 ? named : adapter.Program, environment, "/");
        }
        catch (ProcessStartException e)
        {
            var install = adapter.Install is { } how ? $"install it ({how})" : "install it";
            var configure = adapter.ProgramVariable is { } set ? $", or let {set} name it by its absolute path" : $", or name it by its absolute path in the adapter '{adapter.Name}'";
            throw new CodingException($"the coding CLI '{adapter.Name}' cannot be started: {e.Message}; {install}{configure}", e);
        }
    }

    private static string ReadText(string path)
    {
        try
        {
            if (new FileInfo(path).Length > 4L * AdapterKeys.MaxChars) throw new CodingException($"the adapter {path} is larger than {AdapterKeys.MaxChars / 1024} KiB");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CodingException($"the adapter {path} cannot be read: {e.Message}", e);
        }
    }
}
