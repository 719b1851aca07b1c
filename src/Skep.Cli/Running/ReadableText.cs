using System.Text.RegularExpressions;

namespace Skep.Cli.Running;

/// <summary>The log names nodes by key; people know phases and gates by id.</summary>
internal static partial class ReadableText
{
    /// <summary>Turns <c>phase/build/start</c> into <c>phase build</c> and <c>gate/lint</c> into <c>gate lint</c>.</summary>
    public static string Of(string text) => Keys().Replace(text, "${kind} ${id}");

    [GeneratedRegex(@"\b(?<kind>phase|gate)/(?<id>[A-Za-z0-9_.-]+)(/start)?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Keys();
}
