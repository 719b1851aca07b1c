using System.Globalization;
using System.Net;
using Skep.Plans.Drawing;

namespace Skep.Client.Commands.Memory;

/// <summary>A map of memory as a picture, and as a page in which entries can be searched by name.</summary>
internal static class MemoryMapPage
{
    public static string Picture(MemoryMapMessage map, string? prefix) =>
        ScatterSvg.Draw([.. map.Points.Select(p => new ScatterPoint(p.X, p.Y, GroupOf(p.Path, prefix), p.Path))], new ScatterSvgOptions { Title = Title(prefix), Caption = Caption(map) });

    public static string Html(MemoryMapMessage map, string? prefix) =>
        $$"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{{WebUtility.HtmlEncode(Title(prefix))}}</title>
        <style>
        :root{color-scheme:light dark}body{margin:0;padding:24px;font:15px/1.5 system-ui,sans-serif;background:light-dark(#f6f7f9,#090d12);color:light-dark(#17202b,#e8edf3)}
        main{max-width:1000px;margin:0 auto}label{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:baseline;margin:0 0 12px}input{font:inherit;padding:4px 10px;min-width:18em;border:1px solid #8b98a9;border-radius:6px}
        svg{display:block}.skep-map-point{transition:opacity .15s}.faint{opacity:.08}
        </style></head><body><main>
        <label>Entries whose name has <input type="search" id="q" autocomplete="off"> <span id="n" role="status"></span></label>
        {{Picture(map, prefix)}}
        <script>
        const points=[...document.querySelectorAll('.skep-map-point')].filter(p=>p.querySelector('title')),says=document.getElementById('n');
        document.getElementById('q').addEventListener('input',e=>{const q=e.target.value.trim().toLowerCase();let n=0;
        for(const p of points){const has=p.querySelector('title').textContent.toLowerCase().includes(q);n+=has;p.classList.toggle('faint',!has)}
        says.textContent=q?n+' of '+points.length:''});
        </script></main></body></html>

        """;

    private static string Title(string? prefix) => string.IsNullOrEmpty(prefix) ? "Memory" : $"Memory under {prefix}";

    private static string Caption(MemoryMapMessage map) =>
        string.Create(CultureInfo.InvariantCulture, $"{map.Points.Count} of {map.Total} entries by {map.Model}; to the right {100 * map.ShareX:0.#} % and upwards {100 * map.ShareY:0.#} % of how their vectors vary");

    /// <summary>The part of the path below what is drawn: one step for a namespace, the namespace for a beginning of names.</summary>
    private static string GroupOf(string path, string? prefix)
    {
        var stem = (prefix ?? "").TrimEnd('*').TrimEnd('/');
        var below = stem.Length == 0 ? 0 : path.StartsWith(stem + "/", StringComparison.Ordinal) ? stem.Length + 1 : -1;
        var end = below < 0 ? path.LastIndexOf('/') : path.IndexOf('/', below);
        return end > 0 ? path[..end] : below > 0 ? stem : path;
    }
}
