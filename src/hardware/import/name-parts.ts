/** What the name of a file or a part says of it. */
export interface NameParts {
  /** The name without folder and ending. */
  readonly stem: string;
  /** Mbit of one device: of "4Gb" or "512Mb", but not of "1Gbx16", which counts words, nor of a module's "2GB". */
  readonly megabits: number | undefined;
  /** Transfers a second, in millions: of "2400" or "2400R" that stand alone between dashes and underscores. */
  readonly rate: number | undefined;
  /** Data pins of one device: of "x8" or "8bit". */
  readonly width: number | undefined;
}

export function nameParts(name: string): NameParts {
  const stem = name.replace(/^.*[/\\]/, '').replace(/\.(json|xml|ini|ya?ml)$/i, '');
  const first = (pattern: RegExp): RegExpExecArray | undefined => {
    for (const word of stem.split(/[-_\s]+/)) {
      const found = pattern.exec(word);
      if (found) return found;
    }
    return undefined;
  };
  const capacity = first(/^(\d+)(Gb|gb|Mb|mb)$/);
  const rate = first(/^0?(\d{3,5})[A-Z]{0,2}$/);
  const width = first(/^(?:x(\d+)|(\d+)bit)$/);
  return {
    stem,
    megabits: capacity && Number(capacity[1]) * (/^g/i.test(capacity[2]!) ? 1024 : 1),
    rate: rate && Number(rate[1]),
    width: width && Number(width[1] ?? width[2]),
  };
}
