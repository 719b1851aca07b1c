using System.Globalization;
using System.Xml.Linq;
using Skep.Plans.Drawing;

namespace Skep.Plans.Tests.Drawing;

public class ScatterSvgTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Both_directions_have_one_scale_and_up_is_up()
    {
        var circles = Circles(ScatterSvg.Draw([new(0, 0, "a", "origin"), new(1, 0, "a", "right"), new(0, 2, "a", "above")]));
        var (origin, right, above) = (circles["origin"], circles["right"], circles["above"]);
        Assert.Equal(origin.Y, right.Y, 0.2);
        Assert.Equal(origin.X, above.X, 0.2);
        Assert.True(above.Y < origin.Y);
        Assert.Equal(2, (origin.Y - above.Y) / (right.X - origin.X), 0.01);
    }

    [Fact]
    public void Names_cannot_break_out_of_the_picture_and_groups_beyond_the_colours_are_counted_together()
    {
        var points = Enumerable.Range(0, 12).Select(i => new ScatterPoint(i, i % 3, $"<g{i}>", "\"><script>x</script>\u0007")).ToList();
        var picture = XDocument.Parse(ScatterSvg.Draw(points, new ScatterSvgOptions { Title = "a & b" }));
        Assert.Empty(picture.Descendants(s_svg + "script"));
        Assert.Contains(picture.Descendants(s_svg + "text"), t => t.Value == "4 others (4)");
        Assert.Contains(picture.Descendants(s_svg + "text"), t => t.Value == "<g0> (1)");
        Assert.Equal(12, picture.Descendants(s_svg + "title").Count(t => t.Value == "\"><script>x</script>"));
    }

    [Fact]
    public void One_point_and_none_are_drawn_and_a_place_that_is_no_number_is_refused()
    {
        Assert.Single(Circles(ScatterSvg.Draw([new(5, 5, "a", "alone")])));
        Assert.Empty(Circles(ScatterSvg.Draw([])));
        Assert.Throws<ArgumentException>(() => ScatterSvg.Draw([new(double.NaN, 0, "a", "lost")]));
    }

    private static Dictionary<string, (double X, double Y)> Circles(string svg) => XDocument.Parse(svg).Descendants(s_svg + "circle").Where(c => c.Element(s_svg + "title") is not null)
        .ToDictionary(c => c.Element(s_svg + "title")!.Value.Trim(), c => (Number(c, "cx"), Number(c, "cy")));

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
