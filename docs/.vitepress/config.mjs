// The documentation site: `npm run docs:site` builds it from docs/ into build/site. Fonts, search and scripts are its own: it works offline.
import { existsSync } from 'node:fs';
import { defineConfig } from 'vitepress';

const page = (text, link) => ({ text, link });
const hasApi = existsSync(new URL('../api/index.md', import.meta.url));

export default defineConfig({
  title: 'sparkxd',
  description: 'SNN inference from reduced-voltage DRAM: cycles, energy per access and accuracy',
  outDir: '../build/site',
  cacheDir: '../build/vitepress-cache',
  lastUpdated: false,
  // The links of the pages are held by test/documents/links.test.ts, these of the site by VitePress; those out of docs/ are of the repository.
  ignoreDeadLinks: [/^(?:\.\/)?\.\.\//],
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
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
});
