import { type EccRegion, type EccScheme, encodedBytes, encodeImage } from '../faults/ecc.ts';
import type { Bytes } from '../units/flavours.ts';
import type { CodedTensor } from './tensor-coding.ts';

/** Where a tensor lies in an image: its data with the check bits, from `firstByte` on, and padding up to a whole burst. */
export interface PlacedTensor {
  readonly coded: CodedTensor;
  readonly region: EccRegion;
  readonly firstByte: Bytes;
  /** Bytes with check bits, and with padding. */
  readonly storedBytes: Bytes;
  readonly paddedBytes: Bytes;
}

/** Tensors one after the other as a byte image, as a mapping policy places it. */
export interface TensorImage {
  readonly tensors: readonly PlacedTensor[];
  readonly image: Uint8Array;
}

/** The image of the tensors in their order; each carries its own check bits and begins with a burst. */
export function storeTensors(
  coded: readonly CodedTensor[],
  scheme: EccScheme,
  burstBytes: Bytes,
): TensorImage {
  let end = 0;
  const tensors = coded.map((each): PlacedTensor => {
    const region: EccRegion = {
      ...{ bytes: each.data.length, scheme },
      ...(scheme === 'parity' ? { weightBytes: each.bits / 8, topBits: each.topBits } : {}),
    };
    const firstByte = end;
    const storedBytes = encodedBytes(region);
    const paddedBytes = Math.ceil(storedBytes / burstBytes) * burstBytes;
    end += paddedBytes;
    return { coded: each, region, firstByte, storedBytes, paddedBytes };
  });
  const image = new Uint8Array(end);
  for (const { coded: each, region, firstByte } of tensors)
    image.set(encodeImage(each.data, [region]), firstByte);
  return { tensors, image };
}
