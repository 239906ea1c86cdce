// Records traces/ again from the committed weights, with the built program: node scripts/record-traces.mjs [FOLDER]
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = process.argv[2] ?? join(root, 'traces');
const RECORDED = [
  ['n400-mnist', 'stream'],
  ['n400-mnist', 'event'],
  ['n3600-mnist', 'stream'],
];

for (const [weights, workload] of RECORDED) {
  const out = join(folder, `${weights}-${workload}.sxt`);
  const options = ['--weights', weights, '--workload', workload, '--images', '16', '--out', out];
  execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), 'record', ...options], {
    stdio: 'inherit',
  });
}
