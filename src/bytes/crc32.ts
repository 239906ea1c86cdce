const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let word = byte;
  for (let bit = 0; bit < 8; bit++) word = word & 1 ? (word >>> 1) ^ 0xedb88320 : word >>> 1;
  return word;
});

/** CRC-32 of bytes (IEEE 802.3, reflected, as in gzip and PNG), going on from the CRC of what came before them. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let word = before ^ 0xffffffff;
  for (let i = 0; i < bytes.length; i++) word = TABLE[(word ^ bytes[i]!) & 0xff]! ^ (word >>> 8);
  return (word ^ 0xffffffff) >>> 0;
}
