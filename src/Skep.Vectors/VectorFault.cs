namespace Skep.Vectors;

/// <summary>What went wrong with vectors, for callers that act on it.</summary>
public enum VectorFault
{
    /// <summary>The vector has another number of dimensions than the index.</summary>
    WrongDimension,

    /// <summary>The vector holds NaN or an infinity, or is zero under the cosine metric.</summary>
    BadVector,

    /// <summary>A filter cannot be read, or does not fit the fields.</summary>
    BadFilter,

    /// <summary>A key, a field value or an option is out of its bounds.</summary>
    BadArgument,

    /// <summary>The index would exceed its limit of rows or bytes.</summary>
    LimitReached,

    /// <summary>A file is damaged; the message names what is lost.</summary>
    Damaged,

    /// <summary>The files were written by a version that this one cannot read, or with other settings.</summary>
    Incompatible,

    /// <summary>The disk refused.</summary>
    Disk,

    /// <summary>Another process, or another part of this one, has the collection open.</summary>
    InUse,
}
