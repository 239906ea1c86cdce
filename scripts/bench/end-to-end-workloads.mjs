// What end-to-end.mjs replays: streams of bursts, each as often as the peer's figures count them, and how a line says one.

/** Bytes of a burst of ddr4-2400-8gb, and its bursts. */
const BURST = 8;
const BURSTS = 2 ** 30 / BURST;
const ROWS = 784;
const ROW_BURSTS = 1600 / BURST;

/** Whole numbers from 0 up to a bound, by Tommy Ettinger's generator "mulberry32". */
function generator(seed) {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

/**
 * The streams, as [number of a burst, whether it is written]. `ramulator`: microseconds that Ramulator 2.1 (DDR4-2400, 64 bit,
 * FR-FCFS, load/store trace) takes for each. `aim`: how many times as fast the program is to be.
 */
export const WORKLOADS = [
  {
    name: 'sequential',
    requests: 2_000_000,
    ramulator: 5.9,
    aim: 15,
    *generate() {
      for (let burst = 0; ; burst++) yield [burst, false];
    },
  },
  {
    // Weight rows of 784 inputs x 400 neurons in FP32, fetched in random order.
    name: 'SNN rows',
    requests: 2_000_000,
    ramulator: 5.6,
    aim: 15,
    *generate() {
      const below = generator(1);
      for (;;) {
        const first = below(ROWS) * ROW_BURSTS;
        for (let i = 0; i < ROW_BURSTS; i++) yield [first + i, false];
      }
    },
  },
  {
    name: 'random',
    requests: 1_000_000,
    ramulator: 8.5,
    aim: 6,
    *generate() {
      const below = generator(2);
      for (;;) yield [below(BURSTS), false];
    },
  },
  {
    // 30 % writes; a run goes on at the next burst with probability 0.7, else starts anywhere.
    name: 'mixed',
    requests: 1_000_000,
    ramulator: 6.3,
    aim: 5,
    *generate() {
      const below = generator(3);
      for (;;) {
        const write = below(10) < 3;
        let burst = below(BURSTS);
        do yield [burst, write];
        while (++burst < BURSTS && below(10) < 7);
      }
    },
  },
];

/** The first `requests` bursts of a stream. */
export function* burstsOf(generate, requests) {
  let left = requests;
  for (const burst of generate()) {
    if (left-- === 0) return;
    yield burst;
  }
}

const address = (burst) => `0x${(burst * BURST).toString(16)}`;

/** Ramulator 2.1's own load/store trace, which both programs read, and this program's CSV. */
export const FORMATS = [
  {
    name: 'ramulator2',
    extension: 'trace',
    header: '',
    line: (burst, write) => `${write ? 'ST' : 'LD'} ${address(burst)}\n`,
  },
  {
    name: 'csv',
    extension: 'csv',
    header: 'arrival_ns,op,address,bytes,source\n',
    line: (burst, write) => `0,${write ? 'write' : 'read'},${address(burst)},${BURST},0\n`,
  },
];
