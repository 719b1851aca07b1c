namespace Skep.Plans.Drawing;

/// <summary>The colours of a picture.</summary>
public enum SvgTheme
{
    /// <summary>Follows the reader's preference (<c>prefers-color-scheme</c>).</summary>
    Auto,

    /// <summary>Always light, for print.</summary>
    Light,

    /// <summary>Always dark.</summary>
    Dark,
}
