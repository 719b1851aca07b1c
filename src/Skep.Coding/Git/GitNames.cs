using System.Security.Cryptography;
using System.Text;

namespace Skep.Coding.Git;

/// <summary>Names that are safe as a ref, as a folder, and as an argument.</summary>
public static class GitNames
{
    /// <summary>Longest part of a name that is kept as it is.</summary>
    public const int MaxPart = 60;

    /// <summary>Longest name of a branch, without <c>refs/heads/</c>.</summary>
    public const int MaxBranch = 200;

    private const int HashDigits = 10;

    /// <summary>The branch of an attempt: <c>skep/RUN/TASK/ATTEMPT</c>. No such name is the folder of another.</summary>
    public static string Branch(string run, string task, int attempt) => $"skep/{Part(run)}/{Part(task)}/{attempt}";

    /// <summary>
    /// Any text as one part of a ref or path. Plain text stays as it is. From other text a hash is added, so that two texts do not come to the
    /// same name; percent signs are not used, because some build tools decode them in paths.
    /// </summary>
    public static string Part(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (text.Length <= MaxPart && text[0] != '-' && text.All(IsPlain)) return text;
        var plain = string.Concat(text.Take(MaxPart).Select(c => IsPlain(c) ? c : '_')).TrimStart('-');
        return $"{plain}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits]}";
    }

    /// <summary>The full name of a branch.</summary>
    /// <exception cref="GitException">It is no name of a branch.</exception>
    public static string HeadRef(string branch)
    {
        ArgumentNullException.ThrowIfNull(branch);
        return IsBranch(branch) ? "refs/heads/" + branch
            : throw new GitException(GitFault.BadName, $"'{branch}' cannot be the name of a branch: use letters, digits and '-', '_', '.', '/', at most {MaxBranch}; the rules are those of 'git check-ref-format'");
    }

    /// <summary>Whether a text is an object id of git.</summary>
    public static bool IsCommit(string text) => text is { Length: 40 or 64 } && text.All(char.IsAsciiHexDigitLower);

    /// <exception cref="GitException">It is none.</exception>
    internal static string Commit(string text) =>
        IsCommit(text) ? text : throw new GitException(GitFault.BadName, $"'{text}' is no commit: give its full id of 40 or 64 hex digits");

    /// <summary>The rules of <c>git check-ref-format</c>, and none that begins with <c>-</c>.</summary>
    private static bool IsBranch(string name) =>
        name.Length is > 0 and <= MaxBranch && name != "HEAD" && name[0] != '-' && name[^1] != '.'
        && !name.Any(c => char.IsControl(c) || " ~^:?*[\\".Contains(c)) && !name.Contains("..") && !name.Contains("@{") && name != "@"
        && name.Split('/').All(part => part.Length > 0 && part[0] != '.' && !part.EndsWith(".lock", StringComparison.Ordinal));

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
