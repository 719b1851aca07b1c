namespace Skep.Vectors.Filtering;

/// <summary>The bounds of metadata and filters. What exceeds one is refused with a message that names it.</summary>
public static class FieldLimits
{
    /// <summary>Fields in a schema.</summary>
    public const int MaxFields = 64;

    /// <summary>Characters in a field's name.</summary>
    public const int MaxNameLength = 64;

    /// <summary>UTF-16 characters in a string or in a tag.</summary>
    public const int MaxTextLength = 4096;

    /// <summary>Tags of one row in one field.</summary>
    public const int MaxTags = 255;

    /// <summary>Bytes of one row's metadata as it is written to a log.</summary>
    public const int MaxRowBytes = 1 << 20;

    /// <summary>Characters in the text of a filter.</summary>
    public const int MaxFilterLength = 65_536;

    /// <summary>How deep parentheses and <c>not</c> may nest, and how deep a filter's tree may be.</summary>
    public const int MaxFilterDepth = 64;

    /// <summary>Conditions and values in one filter.</summary>
    public const int MaxFilterTerms = 4096;
}
