import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POLICY, serve } from '../../src/cli/studio/serve.ts';
import { siteFiles } from '../../src/cli/studio/site-files.ts';

/** A folder with a page, a file, and links that lead out of it. */
function makeSite(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sparkxd-site-'));
  const site = join(folder, 'site');
  mkdirSync(join(site, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(site, 'index.html'), '<p>page</p>');
  writeFileSync(join(site, 'assets', 'a.js'), 'export {};');
  symlinkSync(join(folder, 'secret.txt'), join(site, 'link.txt'));
  symlinkSync(folder, join(site, 'out'));
  return site;
}

describe('the server of the studio', () => {
  const site = makeSite();
  let server: Server;
  let port: number;
  beforeAll(async () => {
    ({ server, port } = await serve(siteFiles(site), 0));
  });
  afterAll(() => {
    server.close();
    rmSync(join(site, '..'), { recursive: true, force: true });
  });

  /** Asks as no browser would: path and Host as they are. */
  async function ask(
    path: string,
    host = `localhost:${port}`,
    method = 'GET',
  ): Promise<{ status: number; body: string; headers: IncomingMessage['headers'] }> {
    return new Promise((resolve, reject) => {
      request(
        { host: '127.0.0.1', port, path, method, headers: { Host: host }, agent: false },
        (response) => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (piece: string) => (body += piece));
          response.on('end', () =>
            resolve({ status: response.statusCode!, body, headers: response.headers }),
          );
        },
      )
        .on('error', reject)
        .end();
    });
  }

  it('serves the page and its files under a strict policy', async () => {
    const page = await ask('/?x=1');
    expect(page).toMatchObject({ status: 200, body: '<p>page</p>' });
    expect(page.headers['content-security-policy']).toBe(POLICY);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['cache-control']).toBe('no-cache');
    const script = await ask('/assets/a.js');
    expect(script.headers['content-type']).toMatch(/^text\/javascript/);
    expect(script.headers['cache-control']).toMatch(/immutable/);
    expect(POLICY).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:/);
    expect((await ask('/', undefined, 'HEAD')).body).toBe('');
  });

  it('answers for this machine alone', async () => {
    for (const host of [`LOCALHOST:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
      expect((await ask('/', host)).status).toBe(200);
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost', `localhost:${port + 1}`])
      expect((await ask('/', host)).status).toBe(403);
    expect(server.address()).toMatchObject({ address: '127.0.0.1' });
  });

  it('gives nothing but the files of its folder', async () => {
    for (const path of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/link.txt',
      '/out/secret.txt',
      '/assets',
      '/assets/',
      '//etc/passwd',
      '/index.html%00',
      '*',
    ]) {
      const { status, body } = await ask(path);
      expect(status, path).toBe(404);
      expect(body).not.toContain('secret\n');
    }
    expect((await ask('/', undefined, 'POST')).status).toBe(405);
  });

  it('refuses a port that is in use, and a studio that was not built, in words', async () => {
    await expect(serve(siteFiles(site), port)).rejects.toThrow(
      `port ${port} is in use\n  name another with --port, or --port 0 for any free one`,
    );
    expect(() => siteFiles(join(site, 'assets'))).toThrow('the studio is not there');
    expect(() => siteFiles(join(site, 'none'))).toThrow('the studio is not there');
  });
});
