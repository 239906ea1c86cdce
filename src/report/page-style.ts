/** Style sheet of a report: the reader's light or dark colours, and paper. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --paper: #ffffff; --faint: #59636e; --line: #d1d9e0; --link: #0969da; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --faint: #9198a1; --line: #3d444d; --link: #4493f8; } }
body { margin: 0 auto; max-width: 100rem; padding: 1rem 1.5rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; } h1, .summary { overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
a { color: var(--link); } nav a { margin-right: 1rem; }
.controls { position: sticky; top: 0; z-index: 2; padding: .6rem 0; background: var(--paper); border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: .5rem 1.2rem; }
.controls label { max-width: 100%; } .controls select { max-width: 100%; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 4px; padding: .1rem .3rem; }
.chart { position: relative; padding-right: 38px; display: inline-block; } .chart svg, .chart canvas { vertical-align: top; } .chart svg text { pointer-events: auto; }
.vega-embed details { position: static; } .vega-embed details > summary { position: absolute; top: 0; right: 0; width: 26px; height: 26px; padding: 5px; box-sizing: border-box; list-style: none; cursor: pointer; color: var(--faint); border: 1px solid var(--line); border-radius: 50%; line-height: 0; } .vega-embed summary::-webkit-details-marker { display: none; } .vega-embed summary svg { width: 14px; height: 14px; fill: currentColor; }
.vega-actions { position: absolute; top: 30px; right: 0; z-index: 1; display: flex; flex-direction: column; padding: .3rem 0; font-size: .85rem; background: var(--paper); border: 1px solid var(--line); border-radius: 4px; } .vega-actions a { padding: .2rem .8rem; text-decoration: none; }
.tip { position: fixed; z-index: 3; visibility: hidden; max-width: 90vw; padding: .3rem .5rem; pointer-events: none; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 4px; box-shadow: 0 2px 6px rgb(0 0 0 / 25%); } .tip.visible { visibility: visible; } .tip table { white-space: normal; } .tip td { padding: 0 .4rem; border: 0; overflow-wrap: anywhere; } .tip td:first-child { color: var(--faint); text-align: right; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 33rem), 1fr)); column-gap: 2.5rem; } main > * { min-width: 0; } .wide, .controls { grid-column: 1 / -1; }
.data { margin-top: .4rem; font-size: .9rem; } .data summary { color: var(--faint); cursor: pointer; width: max-content; } section { scroll-margin-top: 4rem; }
figure { margin: 0; overflow-x: auto; } figcaption { color: var(--faint); font-size: .9rem; max-width: 80ch; }
.scroll { overflow-x: auto; max-height: 26rem; overflow-y: auto; border: 1px solid var(--line); }
table { border-collapse: collapse; font-size: .8rem; white-space: nowrap; }
th { position: sticky; top: 0; background: var(--paper); text-align: left; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--line); } td.number { text-align: right; font-variant-numeric: tabular-nums; }
.settings { white-space: normal; width: 100%; } .settings td:first-child { white-space: nowrap; } .settings td:last-child { overflow-wrap: anywhere; }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem; overflow-x: auto; } .pictures svg, .pictures img { flex: none; max-width: none; border: 1px solid var(--line); } .pictures figure { width: auto; } .pixels { image-rendering: pixelated; } .paper-only { display: none; }
.absent { color: var(--faint); border-left: 3px solid var(--line); padding-left: .8rem; }
pre { background: color-mix(in srgb, var(--ink) 6%, var(--paper)); padding: 1rem; overflow-x: auto; font-size: .8rem; }
@media print { main { display: block; } :root { color-scheme: light; --ink: #000000; --paper: #ffffff; --faint: #444444; --line: #bbbbbb; } nav, .controls, .data, .tip, .vega-embed details { display: none; } .chart { display: block; padding: 0; } .chart svg, .chart canvas { max-width: 100%; height: auto !important; } .chart [fill="#e6edf3"] { fill: #000000; } .chart [stroke="#e6edf3"] { stroke: #000000; } .scroll { max-height: none; overflow: visible; } #numbers .scroll { display: none; } .pictures { display: block; } .screen-only { display: none; } .paper-only { display: block; } .pictures svg { max-width: 100%; height: auto; } section { break-inside: avoid; } }
`;
