import { type Markup, markup } from './markup.ts';

/** A section of a report that is drawn already: pictures as SVG or PNG, not a Vega-Lite chart. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  /** What it shows, in words; below the picture. */
  readonly description: string;
  /** The pictures, SVG or `img`; none where `absent` says why. */
  readonly pictures: readonly Markup[];
  /** The same for the width of a page of a paper, where they are wider on a screen. */
  readonly paper?: readonly Markup[];
  /** Why the pictures could not be made, for the reader of the report. */
  readonly absent?: string;
}

/** A figure as a section of the page. */
export function figureSection({ id, title, description, pictures, paper, absent }: Figure): Markup {
  const onPaper = paper === undefined ? '' : markup`\n<div class="pictures paper-only">${paper}</div>`;
  const screen = paper === undefined ? 'pictures' : 'pictures screen-only';
  const body =
    absent === undefined
      ? markup`<figure><div class="${screen}" tabindex="0" role="group" aria-label="${title}">${pictures}</div>${onPaper}
<figcaption>${description}</figcaption></figure>`
      : markup`<p class="absent">Not in this report: ${absent}</p>`;
  return markup`<section id="${id}" class="wide"><h2>${title}</h2>\n${body}</section>`;
}
