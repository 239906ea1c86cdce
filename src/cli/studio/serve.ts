import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '../../errors/input-error.ts';
import type { SiteFile } from './site-files.ts';

/** The one address that the server listens on: no other machine reaches it. */
const ADDRESS = '127.0.0.1';

/** Names under which this machine is asked for; a page of another name that resolves to it gets nothing (DNS rebinding). */
const NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Nothing but the page's own files runs or is fetched, and no text becomes code. The page says the same in a meta element, for
 * other servers; only the last directive works in a header alone.
 */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Serves files on this machine alone. Port 0 takes a free one. Throws InputError for a port that cannot be had. */
export async function serve(
  files: ReadonlyMap<string, SiteFile>,
  port: number,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((request, response) => answer(files, request, response));
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portFault(error, port)));
    server.listen(port, ADDRESS, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

function answer(
  files: ReadonlyMap<string, SiteFile>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { port } = request.socket.address() as AddressInfo;
  const found = files.get((request.url ?? '').split(/[?#]/)[0]!);
  if (!isLocal(request.headers.host, port))
    refuse(response, 403, `this server answers for localhost:${port} only`);
  else if (request.method !== 'GET' && request.method !== 'HEAD')
    refuse(response, 405, 'only GET and HEAD are answered');
  else if (found === undefined) refuse(response, 404, 'no such file');
  else void send(found, response);
}

async function send(found: SiteFile, response: ServerResponse): Promise<void> {
  try {
    const content = await readFile(found.file);
    response.writeHead(200, {
      ...HEADERS,
      'Content-Type': found.type,
      'Content-Length': content.length,
      'Cache-Control': found.named ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    // Node sends no body in answer to HEAD.
    response.end(content);
  } catch {
    refuse(response, 500, 'the file cannot be read');
  }
}

/** Whether a Host header names this machine and the port. */
function isLocal(host: string | undefined, port: number): boolean {
  const asked = host?.toLowerCase();
  return NAMES.some((name) => asked === `${name}:${port}` || (port === 80 && asked === name));
}

function refuse(response: ServerResponse, status: number, words: string): void {
  if (response.headersSent) response.destroy();
  else
    response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${words}\n`);
}

function portFault(error: NodeJS.ErrnoException, port: number): Error {
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: 'is in use',
    EACCES: 'is reserved for the administrator',
  };
  const words = why[error.code ?? ''];
  if (words === undefined) return error;
  return new InputError(`port ${port} ${words}`, {
    remedy: 'name another with --port, or --port 0 for any free one',
  });
}
