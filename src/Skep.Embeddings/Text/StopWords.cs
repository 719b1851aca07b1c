using System.Collections.Frozen;

namespace Skep.Embeddings.Text;

/// <summary>English words that say how a sentence is built and little about what. Folded as <see cref="WordReader"/> gives words: without apostrophes.</summary>
internal static class StopWords
{
    private static readonly FrozenSet<string> English = (
        "a about after again all also am an and any are arent as at be because been before being between both but by can cannot cant could did didnt do does doesnt doing dont down during each either else ever every " +
        "few for from further get gets got had has hasnt have having he her here hers him his how i if im in into is isnt it its itself just let lets like may me might more most much must my no nor not of off on once only " +
        "or other our out over own same shall she should so some still such than that thats the their them then there these they theyre this those through to too under until up upon us very was wasnt we were what whats " +
        "when where whether which while who whom whose why will with within without wont would yet you your youre").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = English.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a word is one.</summary>
    public static bool Has(ReadOnlySpan<char> word) => word.Length <= 8 && Lookup.Contains(word);
}
