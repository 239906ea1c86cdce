import { createRequire } from 'node:module';

/** Pixels of a PNG for each CSS pixel of the SVG: 384 to an inch at the size that the SVG states, sharp on paper. */
const ZOOM = 4;

/** The only fonts that are used: the machine's own would give other bytes on another machine. */
const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSansMono.ttf'];

/** A stand-alone SVG picture as PNG, on white. Loads the renderer, which takes a while: call it only for a picture that the user wants. */
export async function svgPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const { resolve } = createRequire(import.meta.url);
  const picture = new Resvg(svg, {
    background: '#ffffff',
    fitTo: { mode: 'zoom', value: ZOOM },
    font: {
      fontFiles: FONTS.map((name) => resolve(`dejavu-fonts-ttf/ttf/${name}`)),
      loadSystemFonts: false,
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
      monospaceFamily: 'DejaVu Sans Mono',
    },
  });
  return picture.render().asPng();
}
