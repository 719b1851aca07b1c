using System.Text;
using Skep.Plans.Drawing;

namespace Skep.Orchestration;

/// <summary>The style sheet of the page. It holds no character that XML would read as markup.</summary>
internal static class HtmlStyle
{
    public const string Css = """

        :root{color-scheme:light dark;--bg:#fff;--page:#f6f7f9;--ink:#17202b;--muted:#566273;--line:#e0e5eb;--soft:#f3f5f8;--accent:#0b62c4;
        --bad:#b3360b;--bad-bg:#fdf3ee;--warn:#8a5a00;--warn-bg:#fdf7e8;--work:#4b7bb5;--wait:#b6bfcb;--gap:#d29a2d;--gone:#be185d;--held:#7c3aed;--hook:#0e9aa7;--rest:#dfe4ea}
        @media (prefers-color-scheme:dark){:root{--bg:#0f141b;--page:#090d12;--ink:#e8edf3;--muted:#a3b0c0;--line:#263140;--soft:#18202b;--accent:#6db0ff;
        --bad:#fb8a5e;--bad-bg:#2a1a14;--warn:#f2c14e;--warn-bg:#282112;--work:#6aa2e0;--wait:#566273;--gap:#d29a2d;--gone:#f472b6;--held:#c4b5fd;--hook:#3fc1cb;--rest:#2c3746}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans',sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
        main{max-width:1200px;margin:0 auto;padding:32px 24px 48px}
        .defs{position:absolute}
        section,.top{background:var(--bg);border:1px solid var(--line);border-radius:10px;padding:20px 24px 24px;margin:0 0 16px;min-width:0}
        h1,h2,h3,p,dl,dd,ul,ol,table,pre{margin:0}
        h1{font-size:26px;line-height:1.25;letter-spacing:-.01em;overflow-wrap:anywhere}
        h2{font-size:17px;line-height:1.35;margin-bottom:14px}
        h3{font-size:14px;margin-bottom:6px}
        a{color:var(--accent)}
        code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono','DejaVu Sans Mono',monospace;font-size:.88em}
        code{overflow-wrap:anywhere}
        .kicker{color:var(--muted);font-size:13px;margin-bottom:2px}
        .headline{display:flex;flex-wrap:wrap;align-items:center;gap:8px 16px}
        .badge{display:inline-flex;align-items:center;gap:8px;font-weight:600;font-size:15px;padding:3px 14px 3px 11px;border:1.5px solid currentColor;border-radius:99px;white-space:nowrap}
        .badge .icon{width:14px;height:14px}
        .goal{color:var(--muted);margin-top:6px;max-width:80ch;overflow-wrap:anywhere}
        .meta{display:flex;flex-wrap:wrap;gap:10px 32px;margin-top:18px}
        .meta dt,.card dt{color:var(--muted);font-size:12.5px}
        .meta dd{font-weight:500;overflow-wrap:anywhere}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:12px}
        .card{background:var(--soft);border-radius:8px;padding:12px 14px}
        .card .value{display:block;font-size:22px;font-weight:600;line-height:1.35;letter-spacing:-.01em}
        .card .note{display:block;color:var(--muted);font-size:12.5px;line-height:1.4;overflow-wrap:anywhere}
        .broad{grid-column:span 2}
        nav{display:flex;flex-wrap:wrap;gap:4px 18px;margin-top:18px;padding-top:12px;border-top:1px solid var(--line);font-size:13px}
        nav a{text-decoration:none}nav a:hover{text-decoration:underline}
        .callout{border-left-width:4px}
        .callout.bad{border-left-color:var(--bad);background:var(--bad-bg)}
        .callout.warn{border-left-color:var(--warn);background:var(--warn-bg)}
        .callout.bad h2{color:var(--bad)}.callout.warn h2{color:var(--warn)}
        .callout p,.callout ul{overflow-wrap:anywhere}
        .callout p+p,.callout p+pre,.callout pre+p{margin-top:8px}
        .callout ul{padding-left:20px}
        .lead{margin-bottom:14px;max-width:90ch}
        .muted{color:var(--muted)}.small{font-size:13px}p.small{margin-top:10px}
        .empty{color:var(--muted)}
        .error{color:var(--bad);overflow-wrap:anywhere}
        .scroll{overflow-x:auto;margin:0 -24px;padding:0 24px}
        .scroll:focus-visible,.picture:focus-visible,pre:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        table{border-collapse:collapse;width:100%;font-size:13.5px;line-height:1.45}
        th,td{text-align:left;vertical-align:top;padding:7px 14px 7px 0;border-bottom:1px solid var(--line);font-weight:400}
        th:last-child,td:last-child{padding-right:0}
        thead th{color:var(--muted);font-size:12.5px;font-weight:500;white-space:nowrap;vertical-align:bottom}
        tbody tr:last-child>*{border-bottom-color:transparent}
        .num{text-align:right;white-space:nowrap}
        td.value,.wide{overflow-wrap:anywhere}
        .wide{min-width:220px;width:28%}
        th[scope=row],td:has( code){min-width:130px}.tasks th[scope=row],th:has(.title){min-width:180px}
        .tasks .phase th{background:var(--soft);font-weight:600;padding:7px 12px;border-bottom:0}
        .tasks .phase .state{margin-left:8px;font-weight:400}
        .tasks tbody+tbody .phase th{border-top:10px solid var(--bg)}
        .tasks .item th{padding-left:18px}
        .tasks th .title,table th .title{display:block;color:var(--muted)}
        .tasks th code{overflow-wrap:normal;word-break:normal}
        .more td{padding-top:0}
        tr:has(+ .more)>*{border-bottom-color:transparent}
        .state{display:inline-flex;align-items:center;gap:6px;white-space:nowrap}
        .icon{width:11px;height:11px;flex:none}
        symbol,.icon{overflow:visible}
        .line{fill:none;stroke:currentColor;stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}
        .solid{fill:currentColor}
        .waiver{font-weight:600}
        .outputs span{display:inline-block;margin-right:10px}
        .outputs b{font-weight:500;color:var(--muted)}
        details summary{cursor:pointer;color:var(--accent);font-size:12.5px;width:max-content;max-width:100%}
        details[open] summary{margin-bottom:6px}
        .attempts{padding-left:22px;display:grid;gap:8px}
        .attempts li::marker{color:var(--muted)}
        .log{background:var(--soft);color:var(--ink);border:1px solid var(--line);border-radius:6px;padding:10px 12px;margin-top:6px;max-height:340px;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;font-size:12.5px;line-height:1.5}
        .key{display:inline-block;width:9px;height:9px;border-radius:2px;margin-right:6px}
        .key.work,.meter .work{background:var(--work)}.key.wait,.meter .wait{background:var(--wait)}.key.gap,.meter .gap{background:var(--gap)}
        .key.gone,.meter .gone{background:var(--gone)}.key.held,.meter .held{background:var(--held)}.key.hook,.meter .hook{background:var(--hook)}.meter .other{background:var(--rest)}
        .path .share{width:30%;min-width:180px}
        .path td.share{white-space:nowrap}
        .percent{display:inline-block;width:42px;text-align:right;margin-right:10px}
        .meter{display:inline-flex;width:calc(100% - 56px);height:9px;border-radius:3px;overflow:hidden;background:var(--soft);vertical-align:middle}
        .rest th,.rest td{color:var(--muted)}
        .plain th,.plain td{padding-top:4px;padding-bottom:4px}
        .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:20px 48px;margin-top:24px}
        .picture{overflow-x:auto}
        .picture svg{display:block;margin:0 auto}
        .timeline svg{min-width:760px}
        .graph svg{max-width:none!important}
        footer{padding:8px 24px;display:grid;gap:6px}
        footer code{background:var(--soft);border:1px solid var(--line);border-radius:5px;padding:2px 7px}
        @media (max-width:640px){main{padding:12px}section,.top{padding:16px}.scroll{margin:0 -16px;padding:0 16px}h1{font-size:22px}.broad{grid-column:auto}}
        @media print{body{background:none;font-size:11px}main{max-width:none;padding:0}nav{display:none}section,.top{border:0;padding:0;margin-bottom:20px;break-inside:auto;background:none}
        h2{break-after:avoid}tr,.card,.callout{break-inside:avoid}.scroll,.picture{overflow:visible;margin:0;padding:0}.picture svg{max-width:100%!important;min-width:0}
        .log{max-height:none}table{font-size:10px}.card .value{font-size:16px}}

        """;

    /// <summary>The colours of states, as in the pictures.</summary>
    public static string States()
    {
        var css = new StringBuilder();
        foreach (var state in StateStyle.All.Append(StateStyle.Unknown)) css.Append($".s-{state.Name}{{color:{state.Light}}}");
        css.Append("@media (prefers-color-scheme:dark){");
        foreach (var state in StateStyle.All.Append(StateStyle.Unknown)) css.Append($".s-{state.Name}{{color:{state.Dark}}}");
        return css.Append("}\n").ToString();
    }
}
