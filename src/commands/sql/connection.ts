/**
 * The shell's connection: where to, encrypted with the local server's own authority where its file is there, told in one
 * sentence when nobody listens, cancelled as the protocol has it.
 */
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import type { Client, ClientConfig } from 'pg';
import { isLoopback } from '../../common/loopback.ts';
import { CommandError } from '../objects.ts';
import { readIfThere } from './user-files.ts';

export interface Target {
  readonly url?: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string | undefined;
  readonly dataDir: string;
}
const CANCEL_REQUEST = 80877102;
const CANCEL_MS_MAX = 5_000;

/** `postgres://user:password@host:port/database?sslmode=...` over what stands beside it. */
export function targetOf(own: Target): Target {
  if (own.url === undefined) return own;
  let url: URL;
  try {
    url = new URL(own.url);
  } catch {
    throw new CommandError('--url must be postgres://user@host:port/database');
  }
  if (!/^(postgres|postgresql|redshift):$/.test(url.protocol))
    throw new CommandError('--url must be postgres://user@host:port/database');
  const part = (text: string, other: string): string => (text === '' ? other : decodeURIComponent(text));
  return {
    ...own,
    url: own.url.replace(/^redshift:/, 'postgres:'),
    host: part(url.hostname.replace(/^\[|\]$/g, ''), own.host),
    port: url.port === '' ? own.port : Number(url.port),
    database: part(url.pathname.replace(/^\//, ''), own.database),
    user: part(url.username, own.user),
    password: url.password === '' ? own.password : decodeURIComponent(url.password),
  };
}

/** What to try, in this order. A URL that says sslmode is obeyed; a local server is asked for TLS when its authority is known. */
function attempts(target: Target): ClientConfig[] {
  const { host, port, database, user, password } = target;
  const plain: ClientConfig = { host, port, database, user, application_name: 'slicehouse sql' };
  if (password !== undefined) plain.password = password;
  if (target.url !== undefined && /[?&]ssl/.test(target.url)) {
    const query = target.url.slice(target.url.indexOf('?'));
    const at = `${encodeURIComponent(host)}:${port}/${encodeURIComponent(database)}`;
    const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
    const connectionString = `postgres://${encodeURIComponent(user)}${secret}@${at}${query}`;
    return [{ connectionString, application_name: 'slicehouse sql' }];
  }
  const ca = isLoopback(host) ? readIfThere(join(target.dataDir, 'tls', 'ca.crt')) : undefined;
  return ca === undefined ? [plain] : [{ ...plain, ssl: { ca } }, plain];
}
/** The server speaks no TLS, or has another authority than the file: errors without an SQLSTATE. */
const isAboutTls = (error: unknown): boolean => {
  const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string };
  return /SSL|certificate|self[- ]signed/i.test(message) || /CERT|ERR_TLS|ERR_SSL|UNABLE_TO_VERIFY/.test(code);
};

export async function openClient(target: Target): Promise<Client> {
  const { default: pg } = await import('pg');
  const tries = attempts(target);
  for (let i = 0; ; i++) {
    const client = new pg.Client(tries[i]);
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (isAboutTls(error) && i + 1 < tries.length) continue;
      throw refusal(error, target);
    }
  }
}
function refusal(error: unknown, { host, port }: Target): unknown {
  const { code } = error as { readonly code?: string };
  if (code !== 'ECONNREFUSED') return error;
  const start = isLoopback(host) ? ': start one with slicehouse' : '';
  return Object.assign(error as Error, { message: `no server listens at ${host}:${port}${start}` });
}

/** Asks the server to end what the client runs; there is no answer to wait for. */
export function cancelRunning(client: Client, { host, port }: Target): Promise<void> {
  const { processID, secretKey } = client as Client & { readonly processID: number; readonly secretKey: number };
  const request = Buffer.alloc(16);
  [16, CANCEL_REQUEST, processID, secretKey].forEach((n, i) => request.writeInt32BE(n | 0, i * 4));
  return new Promise((resolve) => {
    const socket = connectSocket(port, host);
    socket.setTimeout(CANCEL_MS_MAX, () => socket.destroy());
    socket.on('connect', () => socket.end(request));
    socket.on('data', () => undefined);
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}
