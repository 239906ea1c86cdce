import './style.css';
import { render } from 'preact';
import { readAddress, writeAddress } from './address.ts';
import { createModel } from './model.ts';
import { Studio } from './studio.tsx';

const worker = new Worker(new URL('../worker/model-worker.ts', import.meta.url), { type: 'module' });
let shown = location.hash;
const model = createModel(worker, readAddress(location.hash), (texts) => {
  shown = writeAddress(texts);
  history.replaceState(null, '', shown);
});

// A link that is followed within the page, or typed into the address.
addEventListener('hashchange', () => {
  if (location.hash !== shown) model.goTo(readAddress(location.hash));
});

const place = document.getElementById('studio')!;
// The documentation site gives its front page a link to its pages (scripts/site-front-page.mjs).
const documentation = place.querySelector<HTMLAnchorElement>('a[rel=help]')?.href;
place.replaceChildren();
render(<Studio model={model} documentation={documentation} />, place);
