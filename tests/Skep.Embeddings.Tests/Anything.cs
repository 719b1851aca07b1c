using FsCheck;
using FsCheck.Fluent;

namespace Skep.Embeddings.Tests;

/// <summary>Properties: something asserted for anything of a type, the same anythings each time.</summary>
internal static class Anything
{
    public static void Holds<T>(int tests, Action<T> assertion) => Check.One(
        Config.QuickThrowOnFailure.WithReplay(20_261, 1_977).WithMaxTest(tests),
        Prop.ForAll(ArbMap.Default.ArbFor<T>(), value => assertion(value)));
}
