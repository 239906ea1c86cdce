import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { anchorsOf, linksOf } from './markdown.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = [
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !/^(?:api|\.vitepress)[/\\]/.test(file))
    .map((file) => join('docs', file)),
  'README.md',
  'CONTRIBUTING.md',
];

describe('the documentation', () => {
  it.each(pages)('%s has no dead link', (page) => {
    const dead = linksOf(readFileSync(join(root, page), 'utf8')).filter(({ file, anchor }) => {
      const target = file === '' ? join(root, page) : resolve(root, dirname(page), file);
      if (!existsSync(target)) return true;
      return (
        anchor !== '' && target.endsWith('.md') && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor)
      );
    });
    expect(dead).toEqual([]);
  });

  it('has every page in the sidebar of the site', () => {
    const config = readFileSync(join(root, 'docs/.vitepress/config.mjs'), 'utf8');
    const unlinked = pages
      .filter((page) => page.startsWith('docs/'))
      .map((page) => page.slice('docs/'.length).replace(/\.md$/, ''))
      .filter((page) => page !== 'index' && !config.includes(`'/${page.replace(/(^|\/)index$/, '$1')}'`));
    // These are parts of pages that are there.
    const parts = [
      ...['access-traces', 'address-mapping', 'command-traces', 'report', 'reproduction-appendix'],
      ...['sweeps', 'timeline', 'trace-format', 'weight-formats'],
    ];
    expect(unlinked.sort()).toEqual(parts.sort());
  });
});
