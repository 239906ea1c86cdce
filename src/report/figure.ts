import { escapeMarkup } from './markup.ts';

/** A section of a report that is drawn already: pictures as SVG or PNG, not a Vega-Lite chart. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  /** What it shows, in words; below the picture. */
  readonly description: string;
  /** Markup of the pictures, whose own texts are escaped; absent where `absent` says why there are none. */
  readonly pictures: readonly string[];
  /** Why the pictures could not be made, for the reader of the report. */
  readonly absent?: string;
}

/** A figure as a section of the page. */
export function figureSection({ id, title, description, pictures, absent }: Figure): string {
  const body =
    absent === undefined
      ? `<figure><div class="pictures" tabindex="0" role="group" aria-label="${escapeMarkup(title)}">${pictures.join('\n')}</div>
<figcaption>${escapeMarkup(description)}</figcaption></figure>`
      : `<p class="absent">Not in this report: ${escapeMarkup(absent)}</p>`;
  return `<section id="${id}"><h2>${escapeMarkup(title)}</h2>\n${body}</section>`;
}
