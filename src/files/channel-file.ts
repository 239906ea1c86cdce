import { extname } from 'node:path';

/** The name of a channel's own file among several: `commands.ch1.csv` of `commands.csv`, `commands.ch1.csv.gz` of `commands.csv.gz`. */
export function channelFile(file: string, channel: number): string {
  const gzip = file.endsWith('.gz') ? '.gz' : '';
  const plain = file.slice(0, file.length - gzip.length);
  const extension = extname(plain);
  return `${plain.slice(0, plain.length - extension.length)}.ch${channel}${extension}${gzip}`;
}
