/** Where the parts of an HDF5 file stand that lead to others (HDF5 File Format Specification, version 3.0). */
const MESSAGE = { link: 0x06, layout: 0x08, attribute: 0x0c, continuation: 0x10, symbolTable: 0x11 } as const;
/** Of a message's flags: its data are elsewhere, in another object or in a heap. */
const SHARED = 2;
/** An address that leads nowhere. */
const UNDEFINED = 2n ** 64n - 1n;
const WORD = 8;
/** Where a superblock of each version has the address behind the last byte of the file. */
const END_OF_FILE = [40, 44, 28, 28] as const;

/** A message of an object: its type, its flags, and its data. */
interface Message {
  readonly type: number;
  readonly flags: number;
  readonly at: number;
  readonly end: number;
}

class Unsound extends Error {}

/**
 * Whether the objects of an HDF5 file can be reached without going round in a circle: every node of a B-tree lies one
 * level below the node that names it, every block of an object's messages is named once, and no message is
 * shared with another object (NIR has none, and a shared message can be its own). The library checks none of these
 * in every case: it then goes on for ever, or runs out of its stack and cannot be used again. `start` is the byte of the
 * signature. Files with addresses of other sizes than 64 bits count as unsound. Parts that carry checksums (newer groups
 * with many links) are not followed.
 */
export function isStructureSound(bytes: Uint8Array, start: number): boolean {
  try {
    followObjects(new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start));
    return true;
  } catch (error) {
    // A RangeError is a read beyond the end of the file.
    if (error instanceof Unsound || error instanceof RangeError) return false;
    throw error;
  }
}

/** Bytes that the file should have, a block of the user's own included; undefined where it does not say it in 64 bits. `start` is the byte of the signature. */
export function statedLength(bytes: Uint8Array, start: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
  const version = view.byteLength > WORD ? view.getUint8(WORD) : undefined;
  const at = version === undefined ? undefined : END_OF_FILE[version];
  if (at === undefined || view.byteLength < at + WORD) return undefined;
  if (view.getUint8(version! < 2 ? 13 : 9) !== WORD) return undefined;
  const end = view.getBigUint64(at, true);
  return end < BigInt(Number.MAX_SAFE_INTEGER) ? Number(end) : undefined;
}

function followObjects(view: DataView): void {
  const text = (at: number): string =>
    String.fromCharCode(
      view.getUint8(at),
      view.getUint8(at + 1),
      view.getUint8(at + 2),
      view.getUint8(at + 3),
    );
  const require = (sound: boolean): void => {
    if (!sound) throw new Unsound();
  };
  const address = (at: number): number | undefined => {
    const value = view.getBigUint64(at, true);
    if (value === UNDEFINED) return undefined;
    require(value < BigInt(view.byteLength));
    return Number(value);
  };

  const waiting: number[] = [];
  const seen = new Set<number>();
  const visit = (object: number | undefined): void => {
    if (object === undefined || seen.has(object)) return;
    seen.add(object);
    waiting.push(object);
  };
  const parts = new Set<number>();
  const takeOnce = (part: number): void => {
    require(!parts.has(part));
    parts.add(part);
  };

  /** A B-tree of version 1; its leaves of type 0 name the members of a group. */
  function followTree(node: number, type: number, keyBytes: number, level: number | undefined): void {
    takeOnce(node);
    require(text(node) === 'TREE' && view.getUint8(node + 4) === type);
    const own = view.getUint8(node + 5);
    require(level === undefined || own === level);
    if (own === 0 && type !== 0) return;
    for (let k = 0; k < view.getUint16(node + 6, true); k++) {
      const child = address(node + 8 + 2 * WORD + keyBytes + k * (keyBytes + WORD));
      if (child === undefined) continue;
      if (own > 0) followTree(child, type, keyBytes, own - 1);
      else followMembers(child);
    }
  }

  function followMembers(node: number): void {
    takeOnce(node);
    require(text(node) === 'SNOD');
    const entryBytes = 40;
    for (let k = 0; k < view.getUint16(node + 6, true); k++) visit(address(node + 8 + k * entryBytes + WORD));
  }

  function followMessage({ type, flags, at, end }: Message): void {
    require((flags & SHARED) === 0);
    if (type === MESSAGE.symbolTable) {
      const tree = address(at);
      if (tree !== undefined) followTree(tree, 0, WORD, undefined);
    } else if (type === MESSAGE.layout) followLayout(at);
    else if (type === MESSAGE.link) followLink(at, end);
    // From version 2 on the flags say whether the type or the extent of an attribute is shared.
    else if (type === MESSAGE.attribute) require(view.getUint8(at) < 2 || (view.getUint8(at + 1) & 3) === 0);
  }

  /** Where the chunks of an array are: behind a B-tree of type 1, whose keys are of 8 bytes and 8 for each dimension. */
  function followLayout(at: number): void {
    const version = view.getUint8(at);
    const chunked = 2;
    const [dimensions, layout, tree] =
      version < 3
        ? [view.getUint8(at + 1), view.getUint8(at + 2), at + 8]
        : [view.getUint8(at + 2), view.getUint8(at + 1), at + 3];
    if (version > 3 || layout !== chunked) return;
    const root = address(tree);
    if (root !== undefined) followTree(root, 1, WORD + WORD * dimensions, undefined);
  }

  /** A member of a newer group. */
  function followLink(at: number, end: number): void {
    const flags = view.getUint8(at + 1);
    let field = at + 2;
    const isHard = (flags & 8) === 0 || view.getUint8(field++) === 0;
    field += ((flags & 4) === 0 ? 0 : WORD) + ((flags & 16) === 0 ? 0 : 1);
    if (isHard) visit(address(end - WORD));
    require(field <= end);
  }

  /** The messages of an object, with those of all blocks that continue it. */
  function followObject(object: number): void {
    const newer = text(object) === 'OHDR';
    const blocks: [from: number, to: number][] = [newer ? newerBlock(object) : olderBlock(object)];
    const headBytes = newer ? 4 + ((view.getUint8(object + 5) & 4) === 0 ? 0 : 2) : 8;
    for (let block = blocks.pop(); block !== undefined; block = blocks.pop()) {
      takeOnce(block[0]);
      const [from, to] = block;
      require(to <= view.byteLength);
      for (let at = from; at + headBytes <= to; ) {
        const [type, size, flags] = newer
          ? [view.getUint8(at), view.getUint16(at + 1, true), view.getUint8(at + 3)]
          : [view.getUint16(at, true), view.getUint16(at + 2, true), view.getUint8(at + 4)];
        const message = { type, flags, at: at + headBytes, end: at + headBytes + size };
        require(message.end <= to);
        if (type === MESSAGE.continuation) {
          const [next, length] = [address(message.at), Number(view.getBigUint64(message.at + WORD, true))];
          // A newer block has a signature before its messages and a checksum behind them.
          if (next !== undefined) blocks.push(newer ? [next + 4, next + length - 4] : [next, next + length]);
        } else followMessage(message);
        at = message.end;
      }
    }
  }

  function olderBlock(object: number): [number, number] {
    require(view.getUint8(object) === 1);
    return [object + 16, object + 16 + view.getUint32(object + 8, true)];
  }

  function newerBlock(object: number): [number, number] {
    const flags = view.getUint8(object + 5);
    const sizeAt = object + 6 + ((flags & 0x20) === 0 ? 0 : 16) + ((flags & 0x10) === 0 ? 0 : 4);
    const sizeBytes = 1 << (flags & 3);
    let size = 0;
    for (let k = sizeBytes - 1; k >= 0; k--) size = size * 256 + view.getUint8(sizeAt + k);
    return [sizeAt + sizeBytes, sizeAt + sizeBytes + size];
  }

  const version = view.getUint8(8);
  require(view.getUint8(version < 2 ? 13 : 9) === WORD);
  visit(address(version === 0 ? 64 : version === 1 ? 68 : 36));
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) followObject(object);
}
