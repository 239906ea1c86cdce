import { gzipSync } from 'node:zlib';

const MEMBER_BYTES = 1 << 20;

/** Bytes as gzip, a member of 1 MiB after the other: gzip readers take them as one file. No bytes are an empty member. */
export function gzipMembers(put: (bytes: Uint8Array) => void): {
  put(bytes: Uint8Array): void;
  end(): void;
} {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let members = 0;
  const close = (): void => {
    put(gzipSync(Buffer.concat(pieces)));
    members++;
    pieces = [];
    length = 0;
  };
  return {
    put(bytes) {
      // The caller may use its buffer again.
      pieces.push(bytes.slice());
      length += bytes.length;
      if (length >= MEMBER_BYTES) close();
    },
    end() {
      if (length > 0 || members === 0) close();
    },
  };
}
