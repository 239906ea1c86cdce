import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(ROOT, 'docs/changing.md'), 'utf8');

/** Whether a path of the page is there; NAME stands for any file of its folder. */
function isThere(path: string): boolean {
  if (!path.includes('NAME')) return existsSync(join(ROOT, path));
  const ending = basename(path).replace('NAME', '');
  return readdirSync(join(ROOT, dirname(path))).some((file) => file.endsWith(ending));
}

const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(ROOT, 'src', file), 'utf8') }));

describe('docs/changing.md', () => {
  const paths = [...page.matchAll(/`((?:src|test|docs|hw-models|scripts)\/[^`\s]+)`/g)].map(
    ([, path]) => path!,
  );

  it('names files that are there', () => {
    expect(paths.length).toBeGreaterThan(30);
    expect(paths.filter((path) => !isThere(path))).toEqual([]);
  });

  it('names lists and types that are there', () => {
    const names = [
      ...page.matchAll(/`((?:[A-Z][a-z]+){2,}|[A-Z]+(?:_[A-Z]+)+|POLICIES|REPAIRS|DEFINITIONS)`/g),
    ];
    expect(names.length).toBeGreaterThan(8);
    for (const [, name] of names)
      expect(
        sources.some(({ text }) => new RegExp(`(const|type|interface) ${name}\\b`).test(text)),
        `${name}`,
      ).toBe(true);
  });

  it.each([
    ['mapping/policies', 'mapping/policy.ts'],
    ['sparkxd/repairs', 'sparkxd/repair-on-load.ts'],
    ['snn/votes', 'snn/vote.ts'],
    ['snn/layers/kinds', 'snn/layers/layer-kinds.ts'],
    ['trace/formats', 'trace/access-formats.ts'],
    ['trace/command-formats', 'trace/command-trace-formats.ts'],
  ])('says where each file of %s is listed: in %s, and nowhere else', (folder, list) => {
    expect(page).toContain(`src/${folder}/NAME.ts`);
    expect(page).toContain(`src/${list}`);
    const files = readdirSync(join(ROOT, 'src', folder));
    for (const file of files) {
      const importers = sources.filter(
        ({ file: importer, text }) =>
          text.includes(`/${basename(folder)}/${file}'`) ||
          (dirname(importer) === folder && text.includes(`./${file}'`)),
      );
      expect(
        importers.map(({ file: importer }) => importer),
        file,
      ).toContain(list);
      // One definition may borrow from another; apart from that the list alone knows it.
      expect(
        importers.filter(({ file: importer }) => importer !== list && dirname(importer) !== folder),
      ).toEqual([]);
    }
  });
});
