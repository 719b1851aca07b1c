using Skep.Coding.Merging;

namespace Skep.Coding.Git;

/// <summary>What <c>git merge-tree --write-tree -z</c> prints.</summary>
/// <param name="Tree">The merged tree; with conflicts it holds markers.</param>
/// <param name="Paths">Paths in conflict.</param>
/// <param name="Text">What git says.</param>
internal sealed record MergeTree(string Tree, IReadOnlyList<ConflictPath> Paths, string Text)
{
    private const string Conflict = "CONFLICT (";

    /// <summary>Reads the output: the tree, then <c>MODE ID STAGE\tPATH</c> for each version of a path in conflict, an empty field, then messages.</summary>
    /// <exception cref="FormatException">It looks different.</exception>
    public static MergeTree Parse(string output)
    {
        var fields = output.Split('\0');
        if (!GitNames.IsCommit(fields[0])) throw new FormatException($"'{fields[0]}' is no tree");
        var (versions, order, next) = (new Dictionary<string, string?[]>(), new List<string>(), 1);
        for (; next < fields.Length && fields[next].Length > 0; next++)
        {
            var (version, stage, path) = Version(fields[next]);
            if (!versions.TryGetValue(path, out var of))
            {
                versions[path] = of = new string?[4];
                order.Add(path);
            }

            of[stage] = version;
        }

        var (kinds, text) = Messages(fields, next + 1);
        return new MergeTree(fields[0], [.. order.Select(p => new ConflictPath(p, kinds.GetValueOrDefault(p, "conflict"), versions[p][1], versions[p][2], versions[p][3]))], text);
    }

    private static (string Version, int Stage, string Path) Version(string field)
    {
        var tab = field.IndexOf('\t', StringComparison.Ordinal);
        if (tab < 3 || field[tab - 1] is not (>= '1' and <= '3')) throw new FormatException($"'{field}' is no version of a path");
        return (field[..(tab - 2)], field[tab - 1] - '0', field[(tab + 1)..]);
    }

    /// <summary>Each message: how many paths, the paths, its kind, its text.</summary>
    private static (Dictionary<string, string> Kinds, string Text) Messages(string[] fields, int next)
    {
        var (kinds, text) = (new Dictionary<string, string>(), new List<string>());
        while (next < fields.Length && int.TryParse(fields[next], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var count) && next + count + 2 < fields.Length)
        {
            var kind = fields[next + count + 1];
            if (kind.StartsWith(Conflict, StringComparison.Ordinal))
            {
                foreach (var path in fields.Skip(next + 1).Take(count)) kinds.TryAdd(path, kind[Conflict.Length..].TrimEnd(')'));
                text.Add(fields[next + count + 2].TrimEnd('\n'));
            }

            next += count + 3;
        }

        return (kinds, string.Join('\n', text));
    }
}
