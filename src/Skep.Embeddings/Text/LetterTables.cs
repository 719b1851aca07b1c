namespace Skep.Embeddings.Text;

/// <summary>
/// What letters become when case and diacritics are taken off, a character for each letter of a range: NUL where it stays, U+0001 to U+0004 for what becomes two letters.
/// Made from the Unicode character database (canonical decomposition, simple lower case), and kept here so that no machine's data decides what is found.
/// </summary>
internal static class LetterTables
{
    /// <summary>Of U+00C0 to U+024F.</summary>
    internal const string Latin =
        "aaaaaa\u0002ceeeeiiiidnooooo\0ouuuuy\u0004\u0001aaaaaa\u0002ceeeeiiiidnooooo\0ouuuuy\u0004y" +
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiĳ\0jjkk\0llllllŀ" +
        "\0llnnnnnn\0ŋ\0oooooo\u0003\u0003rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzz\0" +
        "\0ɓƃ\0ƅ\0ɔƈ\0ɖɗƌ\0\0ǝəɛƒ\0ɠɣ\0ɩɨƙ\0\0\0ɯɲ\0ɵooƣ\0ƥ\0ʀƨ\0ʃ\0\0ƭ\0ʈuuʊʋƴ\0ƶ\0ʒƹ\0\0\0ƽ\0\0\0" +
        "\0\0\0\0ǆǆ\0ǉǉ\0ǌǌ\0aaiioouuuuuuuuuu\0aaaa\u0002\u0002ǥ\0ggkkooooʒʒjǳǳ\0ggƕƿnnaa\u0002\u0002oo" +
        "aaaaeeeeiiiioooorrrruuuussttȝ\0hhƞ\0ȣ\0ȥ\0aaeeooooooooyy\0\0\0\0\0\0ⱥȼ\0ƚⱦ\0" +
        "\0ɂ\0ƀʉʌɇ\0ɉ\0ɋ\0ɍ\0ɏ\0";

    /// <summary>Of U+0370 to U+052F.</summary>
    internal const string GreekAndCyrillic =
        "ͱ\0ͳ\0\0\0ͷ\0\0\0\0\0\0\0\0ϳ\0\0\0\0\0\0α\0εηι\0ο\0υωιαβγδεζηθικλμνξοπρ\0στυφχψωιυαεηι" +
        "υ\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0σ\0\0\0\0\0\0\0ιυουωϗ\0\0\0ϒϒ\0\0\0ϙ\0ϛ\0ϝ\0ϟ\0ϡ\0ϣ\0ϥ\0ϧ\0ϩ\0ϫ\0ϭ\0ϯ\0" +
        "\0\0σ\0θ\0\0ϸ\0σϻ\0\0ͻͼͽееђгєѕііјљњћкиуџабвгдежзииклмнопрстуфхцчшщъыьэюя" +
        "\0\0\0\0\0\0\0\0\0и\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0ее\0г\0\0\0і\0\0\0\0киу\0ѡ\0ѣ\0ѥ\0ѧ\0ѩ\0ѫ\0ѭ\0ѯ\0" +
        "ѱ\0ѳ\0ѵ\0ѵѵѹ\0ѻ\0ѽ\0ѿ\0ҁ\0\0\0\0\0\0\0\0\0ҋ\0ҍ\0ҏ\0ґ\0ғ\0ҕ\0җ\0ҙ\0қ\0ҝ\0ҟ\0ҡ\0ң\0ҥ\0ҧ\0ҩ\0ҫ\0ҭ\0ү\0" +
        "ұ\0ҳ\0ҵ\0ҷ\0ҹ\0һ\0ҽ\0ҿ\0ӏжжӄ\0ӆ\0ӈ\0ӊ\0ӌ\0ӎ\0\0ааааӕ\0ееә\0әәжжззӡ\0ииииооө\0өөээуу" +
        "ууууччӷ\0ыыӻ\0ӽ\0ӿ\0ԁ\0ԃ\0ԅ\0ԇ\0ԉ\0ԋ\0ԍ\0ԏ\0ԑ\0ԓ\0ԕ\0ԗ\0ԙ\0ԛ\0ԝ\0ԟ\0ԡ\0ԣ\0ԥ\0ԧ\0ԩ\0ԫ\0ԭ\0ԯ\0";

    /// <summary>Of U+1E00 to U+1FFF.</summary>
    internal const string Extended =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm" +
        "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv" +
        "wwwwwwwwwwxxxxyyzzzzzzhtwy\0ſ\0\0\u0001\0aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee" +
        "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyỻ\0ỽ\0ỿ\0" +
        "ααααααααααααααααεεεεεε\0\0εεεεεε\0\0ηηηηηηηηηηηηηηηηιιιιιιιιιιιιιιιι" +
        "οοοοοο\0\0οοοοοο\0\0υυυυυυυυ\0υ\0υ\0υ\0υωωωωωωωωωωωωωωωωααεεηηιιοουυωω\0\0" +
        "ααααααααααααααααηηηηηηηηηηηηηηηηωωωωωωωωωωωωωωωωααααα\0ααααααα\0ι\0" +
        "\0\0ηηη\0ηηεεηηη\0\0\0ιιιι\0\0ιιιιιι\0\0\0\0υυυυρρυυυυυυρ\0\0\0\0\0ωωω\0ωωοοωωω\0\0\0";
}
