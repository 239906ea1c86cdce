import { uniformStream } from '../../random/streams.ts';

/** The images of an epoch in random order (Fisher-Yates). */
export function shuffledImages(count: number, seed: number, epoch: number): Uint32Array {
  const uniform = uniformStream(seed, `snn/image order/${epoch}`);
  const order = Uint32Array.from({ length: count }, (_, k) => k);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1));
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
  return order;
}
