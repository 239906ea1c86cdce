import { type Markup, markup, markupText } from './markup.ts';

/** A whole SVG file on white, with the texts of the report's charts. */
export function svg(width: number, height: number, parts: readonly Markup[]): string {
  return markupText(markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#1f2328">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${parts}
</svg>
`);
}
