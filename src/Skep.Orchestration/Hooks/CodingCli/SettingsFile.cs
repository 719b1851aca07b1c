using System.Text;

namespace Skep.Orchestration.Hooks;

/// <summary>Whose settings of Claude Code are meant.</summary>
public enum SettingsScope
{
    /// <summary>The project's, shared with everyone who works on it: <c>.claude/settings.json</c>.</summary>
    Project,
    /// <summary>One's own for the project, kept out of version control: <c>.claude/settings.local.json</c>.</summary>
    Local,
    /// <summary>One's own for all projects: <c>settings.json</c> in the user's configuration folder.</summary>
    User,
}

/// <summary>What became of a settings file.</summary>
public enum SettingsChange
{
    /// <summary>It was right already, or there is none; it was not touched.</summary>
    Unchanged,
    /// <summary>It was written anew.</summary>
    Written,
    /// <summary>It held nothing but our hooks, and was removed.</summary>
    Removed,
}

/// <summary>
/// A settings file of Claude Code on disk. A change is written beside the file and renamed over it, so that a reader sees the old or
/// the new text and never a part; the file's permissions stay. A link is followed and stays a link; one that leads out of the
/// project's folder is refused for the project's own settings, because whoever wrote the project chose where it leads.
/// </summary>
public sealed class SettingsFile
{
    private const int MaxLinks = 40;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly string? _project;

    /// <summary>Names the file; nothing is read yet.</summary>
    /// <param name="scope">Whose settings.</param>
    /// <param name="projectFolder">The project's folder.</param>
    /// <param name="userFolder">The user's configuration folder of Claude Code: <c>CLAUDE_CONFIG_DIR</c>, else <c>~/.claude</c>.</param>
    public SettingsFile(SettingsScope scope, string projectFolder, string userFolder)
    {
        _project = scope == SettingsScope.User ? null : System.IO.Path.GetFullPath(projectFolder);
        Path = scope switch
        {
            SettingsScope.Project => System.IO.Path.Combine(_project!, ".claude", "settings.json"),
            SettingsScope.Local => System.IO.Path.Combine(_project!, ".claude", "settings.local.json"),
            _ => System.IO.Path.Combine(System.IO.Path.GetFullPath(userFolder), "settings.json"),
        };
    }

    /// <summary>Where the file stands, or would stand.</summary>
    public string Path { get; }

    /// <summary>The file's text; null when there is none.</summary>
    /// <exception cref="CodingCliFormatException">It is too large or not UTF-8, or a link leads out of the project.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string? Read() => ReadText(Target());

    /// <summary>Puts our hooks in; see <see cref="ClaudeCodeSettings.Install"/>.</summary>
    /// <param name="programPath">The <c>skep</c> or <c>skepc</c> program to call.</param>
    /// <exception cref="CodingCliFormatException">The settings cannot be used; nothing was changed.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public SettingsChange Install(string programPath) => Change(text => ClaudeCodeSettings.Install(text, programPath));

    /// <summary>Takes our hooks out; see <see cref="ClaudeCodeSettings.Uninstall"/>.</summary>
    /// <exception cref="CodingCliFormatException">The settings cannot be used; nothing was changed.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public SettingsChange Uninstall() => Change(text => text is null ? null : ClaudeCodeSettings.Uninstall(text));

    private SettingsChange Change(Func<string?, string?> edit)
    {
        var target = Target();
        var before = ReadText(target);
        string? after;
        try
        {
            after = edit(before);
        }
        catch (CodingCliFormatException wrong)
        {
            throw new CodingCliFormatException($"{Path}: {wrong.Message}; nothing was changed", wrong);
        }

        if (after == before) return SettingsChange.Unchanged;
        if (after is not null) Replace(target, after);
        else File.Delete(target);
        return after is null ? SettingsChange.Removed : SettingsChange.Written;
    }

    private string? ReadText(string target)
    {
        if (!File.Exists(target))
            return Directory.Exists(target) ? throw new CodingCliFormatException($"{Path} is a folder: move it away, a file belongs there") : null;
        if (new FileInfo(target).Length > ClaudeCodeSettings.MaxBytes)
            throw new CodingCliFormatException($"{Path} is larger than {ClaudeCodeSettings.MaxBytes} bytes, which no settings file is: look what is in it");
        try
        {
            return Strict.GetString(File.ReadAllBytes(target));
        }
        catch (DecoderFallbackException wrong)
        {
            throw new CodingCliFormatException($"{Path} is not UTF-8: save it as UTF-8; nothing was changed", wrong);
        }
    }

    private static void Replace(string target, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
        var beside = $"{target}.skep-{Environment.ProcessId}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            using (var file = new FileStream(beside, options))
            {
                if (!OperatingSystem.IsWindows() && File.Exists(target)) File.SetUnixFileMode(beside, File.GetUnixFileMode(target));
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    // The file that is really read and written, behind all links.
    private string Target()
    {
        var target = Resolve(Path);
        if (_project is null) return target;
        var project = Resolve(_project);
        return target.StartsWith(project.TrimEnd('/') + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal) ? target
            : throw new CodingCliFormatException($"{Path} is a link to {target}, out of the project: replace the link by a file, or install with --user");
    }

    private string Resolve(string path)
    {
        var links = 0;
        var done = System.IO.Path.GetPathRoot(path)!;
        var todo = new Stack<string>();
        Push(path[done.Length..]);
        while (todo.TryPop(out var name))
        {
            var next = System.IO.Path.Combine(done, name);
            if (new FileInfo(next).LinkTarget is not { } link)
            {
                done = next;
                continue;
            }

            if (++links > MaxLinks) throw new CodingCliFormatException($"{Path} leads through more than {MaxLinks} links: remove the circle");
            var full = System.IO.Path.GetFullPath(link, done);
            done = System.IO.Path.GetPathRoot(full)!;
            Push(full[done.Length..]);
        }

        return done;

        void Push(string rest)
        {
            var names = rest.Split(System.IO.Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
            for (var index = names.Length - 1; index >= 0; index--) todo.Push(names[index]);
        }
    }
}
