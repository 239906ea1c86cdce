// The documentation site: `npm run docs:site` builds it from docs/ into build/site. Fonts, search and scripts are its own: it works offline.
import { existsSync, readFileSync } from 'node:fs';

const page = (text, link) => ({ text, link });
const hasApi = existsSync(new URL('../api/index.md', import.meta.url));

/** A link to the front page, which is the studio and no page of VitePress: a target keeps its router away. */
const studio = { text: 'Studio', link: '/', target: '_self' };

/** The studio's icon, in the page itself: a browser asks for no other. */
const icon = readFileSync(new URL('../../src/studio/page/icon.svg', import.meta.url), 'utf8');
const iconLink = { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` };

/** The anchor of a heading as GitHub makes it, so that one link serves both. */
const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** Leaves of a link out of docs/ its text alone: what it leads to is in the repository, not in the site. */
function linksWithin(markdown) {
  markdown.core.ruler.push('links-within', ({ tokens, env }) => {
    const folders = env.relativePath.split('/').length - 1;
    const leaves = (token) => /^(?:\.\.\/)+/.exec(token.attrGet('href') ?? '')?.[0].length / 3 > folders;
    for (const { children } of tokens) {
      let left = false;
      for (const token of children ?? []) {
        if (token.type === 'link_open') left = leaves(token);
        if (!left || !/^link_/.test(token.type)) continue;
        left = token.type === 'link_open';
        Object.assign(token, { type: 'text', tag: '', nesting: 0, content: '', attrs: null });
      }
    }
  });
}

/** @type {import('vitepress').UserConfig} */
export default {
  title: 'sparkxd',
  description: 'SNN inference from reduced-voltage DRAM: cycles, energy per access and accuracy',
  outDir: '../build/site',
  cacheDir: '../build/vitepress-cache',
  lastUpdated: false,
  head: [['link', iconLink]],
  // The studio is the front page (scripts/site-front-page.mjs).
  rewrites: { 'index.md': 'contents.md' },
  // Where the title and the page of an address that is none lead.
  locales: { root: { label: 'English', lang: 'en', link: '/contents' } },
  markdown: { anchor: { slugify: anchorOf }, config: linksWithin },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      studio,
      page('Tutorial', '/tutorial'),
      page('Reference', '/reference/'),
      ...(hasApi ? [page('API', '/api/')] : []),
    ],
    sidebar: [
      { text: 'Start', items: [page('Ten minutes', '/tutorial'), page('The studio', '/studio')] },
      {
        text: 'How to',
        items: [
          page('Your own trace', '/how-to/own-trace'),
          page('Your own device', '/how-to/own-device'),
          page('Your own weights', '/how-to/own-weights'),
          page('Your own chip', '/how-to/own-chip'),
          page('A cluster', '/clusters'),
          page('PyTorch beside it', '/pytorch'),
          page('Your own program', '/library'),
          page('Drive the memory', '/co-simulation'),
          page('Import a device', '/device-import'),
        ],
      },
      {
        text: 'Reference',
        items: [
          page('All pages', '/reference/'),
          page('Device files', '/reference/device'),
          page('Standard files', '/reference/standard'),
          page('Voltage profiles', '/reference/voltage-profile'),
          page('Circuit curves', '/reference/circuit-curve'),
          page('Accelerator files', '/reference/accelerator'),
          page('Subarray schemes', '/reference/subarray-scheme'),
          page('Presets', '/reference/presets'),
          page('Sweep plans', '/reference/sweep-plan'),
          page('Maps of weak cells', '/reference/weak-cell-map'),
          page('Traces', '/reference/traces'),
          page('Settings', '/reference/settings'),
          page('Results', '/results'),
          ...(hasApi ? [page('API', '/api/')] : []),
        ],
      },
      {
        text: 'Explanation',
        items: [
          page('Modelling', '/modelling'),
          page('Controller', '/controller'),
          page('Energy', '/energy'),
          page('Faults', '/faults'),
          page('Mapping', '/mapping'),
          page('Repair', '/repair'),
          page('Networks', '/snn'),
          page('Networks of layers', '/layered-networks'),
          page('Supervised training', '/supervised-training'),
          page('Event data', '/event-data'),
          page('Fault-aware training', '/fault-aware-training'),
          page('Accelerator', '/accelerator'),
          page('Traffic', '/traffic'),
          page('Standards', '/standards'),
          page('Co-design', '/co-design'),
          page('Engine', '/engine'),
        ],
      },
      {
        text: 'Evidence',
        items: [
          page('Reproduction', '/reproduction'),
          page('Validation', '/validation'),
          page('Performance', '/performance'),
          page('Reliability', '/reliability'),
          page('Architecture', '/architecture'),
          page('Changing it', '/changing'),
        ],
      },
    ],
  },
};
