import type { Command } from 'commander';

/** What a command's file exports: it adds the options, the help and the action to a commander command. */
export interface CommandModule {
  configure(command: Command): void;
}

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** One line a command. Only the file of the command that runs is loaded, which keeps `--help` quick. */
export const COMMAND_LIST: readonly CommandEntry[] = [
  {
    name: 'run',
    summary: 'accuracy and DRAM energy of a trained network at each supply voltage (the main job)',
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'sweep',
    summary: 'a factorial plan of points: resumable, on this machine or on a cluster',
    load: () => import('./commands/sweep.ts'),
  },
  {
    name: 'verify',
    summary: 'derive points of a run again and compare the bytes of their rows',
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'train',
    summary: 'train a spiking network, by unsupervised STDP or by surrogate gradients',
    load: () => import('./commands/train.ts'),
  },
  {
    name: 'evaluate',
    summary: 'accuracy of trained weights, clean or with bit errors',
    load: () => import('./commands/evaluate.ts'),
  },
  {
    name: 'tolerance',
    summary: 'accuracy against bit error rate; the highest rate within a bound',
    load: () => import('./commands/tolerance.ts'),
  },
  {
    name: 'weights',
    summary: 'show files of weights, damage any tensors in the modelled DRAM, convert networks',
    load: () => import('./commands/weights.ts'),
  },
  {
    name: 'datasets',
    summary: 'show what a dataset holds: images or recordings of events',
    load: () => import('./commands/datasets.ts'),
  },
  {
    name: 'map',
    summary: 'place weights in DRAM; explain an address',
    load: () => import('./commands/map.ts'),
  },
  {
    name: 'errors',
    summary: 'make, inspect, export and import maps of weak cells',
    load: () => import('./commands/errors.ts'),
  },
  {
    name: 'simulate',
    summary: 'accelerator and DRAM in one loop: accuracy, latency and energy of inference',
    load: () => import('./commands/simulate.ts'),
  },
  {
    name: 'record',
    summary: 'record the access trace of real inference',
    load: () => import('./commands/record.ts'),
  },
  {
    name: 'replay',
    summary: 'replay an access trace at each supply voltage',
    load: () => import('./commands/replay.ts'),
  },
  {
    name: 'convert',
    summary: 'convert between access-trace formats',
    load: () => import('./commands/convert.ts'),
  },
  {
    name: 'power',
    summary: 'energy of a DRAM command trace',
    load: () => import('./commands/power.ts'),
  },
  {
    name: 'check',
    summary: 'hold a DRAM command trace against the protocol',
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'report',
    summary: 'the HTML report of a run',
    load: () => import('./commands/report.ts'),
  },
  {
    name: 'reproduce',
    summary: "SparkXD's and EnforceSNN's numbers beside ours, and each mechanism alone",
    load: () => import('./commands/reproduce.ts'),
  },
  {
    name: 'picture',
    summary: 'receptive fields, confusion matrix or spikes of a network, clean or with errors',
    load: () => import('./commands/picture.ts'),
  },
  {
    name: 'waterfall',
    summary: 'where the energy goes from one run to another, term by term',
    load: () => import('./commands/waterfall.ts'),
  },
  {
    name: 'data-energy',
    summary: "read energy of weights' own bits in each format and bus encoding",
    load: () => import('./commands/data-energy.ts'),
  },
  {
    name: 'devices',
    summary: 'list hardware models; show every number with its unit and source; import devices',
    load: () => import('./commands/devices.ts'),
  },
  {
    name: 'studio',
    summary: 'the simulator in a browser: move the supply, and accuracy, energy and the chip follow',
    load: () => import('./commands/studio.ts'),
  },
  {
    name: 'completion',
    summary: 'a script that completes commands, options and names in bash, zsh or fish',
    load: () => import('./commands/completion.ts'),
  },
];
