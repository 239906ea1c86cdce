import { readdirSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { InputError } from '../../errors/input-error.ts';
import { packageFolder } from '../../files/package.ts';

/** A file of the studio, and what a browser must know of it. */
export interface SiteFile {
  readonly file: string;
  readonly type: string;
  /** Whether its name changes with its content, so that a browser may keep it. */
  readonly named: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.yaml': 'application/yaml; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Where the build puts the studio. */
export const STUDIO_FOLDER = join(packageFolder, 'dist', 'studio');

/**
 * The regular files of a folder by their path on the server; "/" is its index.html. What is not among them is never served: no
 * link, nothing outside the folder, nothing that came later. Throws InputError where the studio was not built.
 */
export function siteFiles(folder: string = STUDIO_FOLDER): ReadonlyMap<string, SiteFile> {
  const files = new Map<string, SiteFile>();
  for (const entry of entriesOf(folder)) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(folder.length).replaceAll(sep, '/').replace(/^\/*/, '/');
    files.set(path, {
      file,
      type: TYPES[extname(file)] ?? 'application/octet-stream',
      named: path.startsWith('/assets/'),
    });
  }
  const index = files.get('/index.html');
  if (index === undefined) throw notBuilt(folder);
  return files.set('/', index);
}

function entriesOf(folder: string) {
  try {
    if (statSync(folder).isDirectory()) return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  throw notBuilt(folder);
}

const notBuilt = (folder: string): InputError =>
  new InputError('the studio is not there', {
    place: { file: folder },
    remedy: 'npm run build makes it; an installed package has it',
  });
