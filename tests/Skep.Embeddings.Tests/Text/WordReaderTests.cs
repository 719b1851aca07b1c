using Skep.Embeddings.Text;

namespace Skep.Embeddings.Tests.Text;

public sealed class WordReaderTests
{
    [Theory]
    [InlineData("Hello, World! 42", "hello world 42")]
    [InlineData("don't won’t 'quoted'", "dont wont quoted")]
    [InlineData("Größe straße ŁÓDŹ Œuvre Ångström", "grosse strasse lodz oeuvre angstrom")]
    [InlineData("ΑΘΉΝΑ Ὀδυσσεύς Ёлка Йод", "αθηνα οδυσσευσ елка иод")]
    [InlineData("Ｆｕｌｌ　ｗｉｄｔｈ １２", "full width 12")]
    [InlineData("İstanbul ISPARTA ılık", "istanbul isparta ilik")]
    [InlineData("snake_case kebab-case a/b.cs", "snake case kebab case a b cs")]
    [InlineData("日本語 テスト", "日 本 語 テ ス ト")]
    [InlineData("bees 🐝🐝 → honey", "bees 🐝 🐝 → honey")]
    [InlineData("हिन्दी भाषा", "हिन्दी भाषा")]
    [InlineData("  \t\n+-*/ ...", "")]
    [InlineData("", "")]
    public void Words_are_folded_and_separated(string text, string expected) => Assert.Equal(expected, string.Join(' ', Read(text).Select(w => w.Word)));

    [Fact]
    public void A_composed_name_is_read_by_its_parts_and_then_whole()
    {
        Assert.Equal([("read", WordKind.Word), ("file", WordKind.Word), ("async", WordKind.Word), ("readfileasync", WordKind.Compound)], Read("readFileAsync"));
        Assert.Equal([("http", WordKind.Word), ("server", WordKind.Word), ("httpserver", WordKind.Compound), ("x", WordKind.Word)], Read("HTTPServer x"));
        Assert.Equal([("sha256", WordKind.Word)], Read("SHA256"));
    }

    [Fact]
    public void Composed_and_decomposed_letters_are_the_same_word()
    {
        Assert.Equal(Read("Ångström é ñ ö й Ά"), Read("A\u030angstro\u0308m e\u0301 n\u0303 o\u0308 и\u0306 Α\u0301"));
    }

    [Fact]
    public void A_long_word_is_cut_and_nothing_of_it_is_lost()
    {
        var words = Read(new string('a', 1000)).Select(w => w.Word).ToList();
        Assert.Equal(new string('a', 1000), string.Concat(words));
        Assert.All(words, w => Assert.InRange(w.Length, 1, WordReader.MaxWord));
    }

    [Fact]
    public void Halves_of_characters_separate_words()
    {
        Assert.Equal("a b", string.Join(' ', Read("a\ud83db\udc1d").Select(w => w.Word)));
    }

    [Fact]
    public void Any_text_can_be_read_and_words_are_never_empty_or_too_long() => Anything.Holds<string>(500, text =>
    {
        foreach (var (word, _) in Read(text ?? ""))
            Assert.InRange(word.Length, 1, WordReader.MaxWord);
    });

    [Fact]
    public void Words_that_were_read_are_read_again_as_they_are() => Anything.Holds<string>(500, text =>
    {
        var words = Read(text ?? "").Where(w => w.Kind != WordKind.Compound).Select(w => w.Word).ToList();
        Assert.Equal(words, Read(string.Join(' ', words)).Where(w => w.Kind != WordKind.Compound).Select(w => w.Word));
    });

    [Theory]
    [InlineData("measures measured measuring measure", "measur")]
    [InlineData("carries carried carry", "carry")]
    [InlineData("stopped stopping stops stop", "stop")]
    [InlineData("boxes box", "box")]
    [InlineData("classes class", "class")]
    [InlineData("files file", "fil")]
    public void Inflected_words_have_one_stem(string words, string stem) =>
        Assert.All(words.Split(' '), w => Assert.Equal(stem, EnglishStem.Of(w.ToCharArray()).ToString()));

    [Theory]
    [InlineData("status")]
    [InlineData("this")]
    [InlineData("bring")]
    [InlineData("need")]
    [InlineData("sha256s")]
    [InlineData("größen")]
    [InlineData("as")]
    public void What_only_looks_inflected_stays(string word) => Assert.Equal(word, EnglishStem.Of(word.ToCharArray()).ToString());

    private static List<(string Word, WordKind Kind)> Read(string text)
    {
        var words = new List<(string, WordKind)>();
        var reader = new WordReader(text, stackalloc char[WordReader.Scratch]);
        while (reader.Next()) words.Add((reader.Current.ToString(), reader.Kind));
        return words;
    }
}
