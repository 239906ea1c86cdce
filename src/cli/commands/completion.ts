import type { Command } from 'commander';
import { required } from '../../settings/setting.ts';
import { oneOf } from '../../settings/values.ts';
import { configureCommand } from '../command-settings.ts';
import { print } from '../terminal.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

const COMPLETION = {
  shell: required({
    ...oneOf(SHELLS, 'shells'),
    positional: true,
    value: 'SHELL',
    help: SHELLS.join(', '),
  }),
};

export function configure(command: Command): void {
  const help =
    'Examples:\n' +
    '  source <(sparkxd completion bash)\n' +
    '  sparkxd completion fish > ~/.config/fish/completions/sparkxd.fish';
  configureCommand(command, { job: COMPLETION, output: {}, help }, async ({ shell }) => {
    const { modelFiles } = await import('../../inputs/model-files.ts');
    const { SHIPPED_DATASETS } = await import('../../inputs/read-dataset.ts');
    const { shippedNetworks } = await import('../../inputs/locate-network.ts');
    const { MODEL_KINDS } = await import('../../hardware/model-source.ts');
    const { completedCommands } = await import('../completion/completed-commands.ts');
    const models = await Promise.all(
      MODEL_KINDS.map(async (kind) => [kind, await modelFiles.list(kind)] as const),
    );
    const names = {
      ...(Object.fromEntries(models) as Record<(typeof MODEL_KINDS)[number], readonly string[]>),
      networks: await shippedNetworks(),
      datasets: SHIPPED_DATASETS,
    };
    const commands = completedCommands(command.parent!, names);
    print((await WRITERS[shell]())(commands));
  });
}

const WRITERS = {
  bash: async () => (await import('../completion/bash.ts')).bashCompletion,
  zsh: async () => (await import('../completion/zsh.ts')).zshCompletion,
  fish: async () => (await import('../completion/fish.ts')).fishCompletion,
};
