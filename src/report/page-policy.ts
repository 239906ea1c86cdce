import { createHash } from 'node:crypto';

/**
 * The content security policy of a page whose only scripts and style sheets are these texts: nothing else runs, no text
 * becomes code, nothing is fetched, pictures are in the page itself.
 */
export function pagePolicy(scripts: readonly string[], styles: readonly string[]): string {
  const hashes = (texts: readonly string[]): string =>
    texts.length === 0 ? "'none'" : texts.map(sourceHash).join(' ');
  return [
    "default-src 'none'",
    `script-src ${hashes(scripts)}`,
    `style-src ${hashes(styles)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** A browser takes the hash of what it read: UTF-8, line ends as "\n". */
const sourceHash = (text: string): string =>
  `'sha256-${createHash('sha256').update(text.replaceAll(/\r\n?/g, '\n'), 'utf8').digest('base64')}'`;
