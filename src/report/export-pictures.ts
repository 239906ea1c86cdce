import { join } from 'node:path';
import { writeWhole } from '../files/write-file.ts';
import { chartSvg, onPaper } from './chart-svg.ts';
import type { ReportPage } from './html-report.ts';
import { type Markup, markupText } from './markup.ts';
import { svgPng } from './svg-png.ts';

/** A picture as files: the extension, and what is in it. */
type Picture = ReadonlyMap<'svg' | 'png', string | Uint8Array>;

/**
 * Every chart and picture of a report as files, each SVG also as PNG, numbered as on the page: `01-accuracy.svg`. Returns
 * their names in the folder, in that order.
 */
export async function exportPictures(
  { charts, figures = [] }: ReportPage,
  folder: string,
): Promise<string[]> {
  const written: string[] = [];
  const write = async (id: string, pictures: readonly Picture[]): Promise<void> => {
    section++;
    for (const [i, picture] of pictures.entries()) {
      const number = String(section).padStart(2, '0');
      const name = `${number}-${id}${pictures.length > 1 ? `-${i + 1}` : ''}`;
      for (const [extension, content] of picture) {
        const file = join(folder, `${name}.${extension}`);
        await writeWhole(file, content);
        written.push(file);
      }
    }
  };
  let section = 0;
  for (const { id, spec } of charts) await write(id, [await drawn(await chartSvg(spec))]);
  for (const figure of figures)
    if (figure.absent === undefined)
      await write(figure.id, await picturesOf(figure.paper ?? figure.pictures));
  return written;
}

const drawn = async (svg: string): Promise<Picture> =>
  new Map<'svg' | 'png', string | Uint8Array>([
    ['svg', svg],
    ['png', await svgPng(svg)],
  ]);

/** The pictures inside a figure's markup, whose texts are escaped; drawn ones have the width of a paper's column or page. */
async function picturesOf(pictures: readonly Markup[]): Promise<Picture[]> {
  const found: Picture[] = [];
  for (const picture of pictures)
    for (const [whole, base64] of markupText(picture).matchAll(
      /<svg [\s\S]*?<\/svg>|"data:image\/png;base64,([A-Za-z0-9+/=]+)"/g,
    ))
      found.push(
        base64 === undefined
          ? await drawn(`${onPaper(whole)}\n`)
          : new Map([['png', Buffer.from(base64, 'base64')]]),
      );
  return found;
}
