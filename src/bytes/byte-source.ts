/** Where bytes come from, piece by piece: a file or memory. Fills `target` from its start; 0 at the end. */
export interface ByteSource {
  /** Name for messages. */
  readonly file: string;
  read(target: Uint8Array): number;
}

/** Bytes already in memory. */
export function bytesInMemory(bytes: Uint8Array, file: string): ByteSource {
  let position = 0;
  return {
    file,
    read(target) {
      const piece = bytes.subarray(position, position + target.length);
      target.set(piece);
      position += piece.length;
      return piece.length;
    },
  };
}

/** `head` and then what is left of the source. */
export function prefixed(head: Uint8Array, source: ByteSource): ByteSource {
  let rest = head;
  return {
    file: source.file,
    read(target) {
      if (rest.length === 0) return source.read(target);
      const length = Math.min(target.length, rest.length);
      target.set(rest.subarray(0, length));
      rest = rest.subarray(length);
      return length;
    },
  };
}

/** The first bytes of a source, at most `length`, fewer if it ends before. */
export function takeHead(source: ByteSource, length: number): Uint8Array {
  const head = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const got = source.read(head.subarray(filled));
    if (got === 0) break;
    filled += got;
  }
  return head.subarray(0, filled);
}
