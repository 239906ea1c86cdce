import type { Command } from 'commander';
import { withDefault } from '../../settings/setting.ts';
import { whole } from '../../settings/values.ts';
import { configureCommand } from '../command-settings.ts';
import { onInterrupt } from '../interrupt.ts';
import { print } from '../terminal.ts';

const LARGEST_PORT = 65_535;

const STUDIO = {
  port: withDefault(
    { ...whole(0, LARGEST_PORT), help: 'port on 127.0.0.1, the one address served; 0 takes a free one' },
    8350,
  ),
};

export function configure(command: Command): void {
  const help =
    'Serves the studio to browsers on this machine until it is interrupted: the simulator runs in the page, and nothing leaves it.\n\nExample:\n  sparkxd studio --port 8350';
  configureCommand(command, { job: STUDIO, output: {}, help }, async ({ port: asked }, { json }) => {
    const { siteFiles } = await import('../studio/site-files.ts');
    const { serve } = await import('../studio/serve.ts');
    const { server, port } = await serve(siteFiles(), asked);
    const address = `http://localhost:${port}/`;
    onInterrupt(() => `the studio at ${address} is closed`);
    print(json ? `${JSON.stringify({ address })}\n` : `${address}\n`);
    await new Promise((resolve) => server.once('close', resolve));
  });
}
