import type { CommandLog } from './replay.ts';

/** A fingerprint of a stream of commands. */
export interface CommandHash {
  /** Takes the commands in; give it to `replay` as its log. */
  readonly log: CommandLog;
  /** 16 hexadecimal digits that follow from every command so far, its cycle and its place, in order. */
  digest(): string;
}

/**
 * A 64-bit hash over (cycle, command, channel, rank, bank, row, column) of every command, to see at a glance whether two
 * replays issued the same ones. Two 32-bit lanes of multiply-and-rotate, as in MurmurHash3 (public domain); no
 * protection against someone who looks for collisions.
 */
export function createCommandHash(): CommandHash {
  const lanes = new Uint32Array([0x9e3779b9, 0x85ebca6b]);
  const take = (word: number): void => {
    lanes[0] = mix(lanes[0]!, word, 0xcc9e2d51, 0x1b873593);
    lanes[1] = mix(lanes[1]!, word, 0x239b961b, 0xab0e9789);
  };
  return {
    log(cycle, command, rank, bank, row, column, channel) {
      take(cycle | 0);
      take(Math.floor(cycle / 2 ** 32));
      for (let i = 0; i < command.length; i++) take(command.charCodeAt(i));
      take(rank);
      take(bank);
      take(row);
      take(column);
      take(channel);
    },
    digest: () => Array.from(lanes, (lane) => finish(lane).toString(16).padStart(8, '0')).join(''),
  };
}

function mix(lane: number, word: number, first: number, second: number): number {
  const scrambled = Math.imul(rotate(Math.imul(word, first), 15), second);
  return Math.imul(rotate(lane ^ scrambled, 13), 5) + 0xe6546b64;
}

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

function finish(lane: number): number {
  let word = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
