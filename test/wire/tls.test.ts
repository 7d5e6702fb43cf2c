/**
 * Encryption of the wire: what is answered to which first bytes, what is never taken for encrypted, and that every
 * handshake, cancel and refusal ends well. In raw bytes and with node's own TLS, over the fake executor.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectPlain, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import pg from 'pg';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { UNAUTHENTICATED_CONNECTIONS_MAX } from '../../src/common/limits.ts';
import { createSqlService, type LeaderSqlService } from '../../src/leader/session/service.ts';
import { makePairs } from '../../src/tls/authority.ts';
import { ownCertificate, type CertificateStore } from '../../src/tls/store.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { FakeWorld } from './fake-executor.ts';
import { RawClient, int32 } from './raw-client.ts';

const SSL_REQUEST = Buffer.concat([int32(8), int32(80877103)]);
const GSS_REQUEST = Buffer.concat([int32(8), int32(80877104)]);
const STARTUP = { user: 'admin', database: 'dev' };
const folder = mkdtempSync(join(tmpdir(), 'slicehouse-tls-wire-'));
let certificate: CertificateStore;
let ca = '';
let service: LeaderSqlService;
const servers: WireServer[] = [];
const bugs: unknown[] = [];
beforeAll(async () => {
  certificate = ownCertificate(
    folder,
    '127.0.0.1',
    () => Date.now(),
    () => undefined,
    makePairs,
  );
  await certificate.start();
  ca = readFileSync(certificate.authorityFile!, 'utf8');
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  expect(bugs.splice(0)).toEqual([]);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function serve(mode: 'on' | 'off' | 'required' = 'on', context = certificate.context): Promise<number> {
  const world = new FakeWorld();
  service = createSqlService({ ...world.deps, onBug: (e) => bugs.push(e) });
  const onError = (e: unknown): void => void bugs.push(e);
  const server = await startWireServer({
    service,
    listening: { host: '127.0.0.1', port: 0 },
    tls: { mode, context },
    onError,
  });
  servers.push(server);
  return server.port;
}
/** A plain connection, and everything that comes back. */
async function plain(port: number): Promise<{ socket: Socket; next(): Promise<Buffer>; closed: Promise<void> }> {
  const socket = connectPlain(port, '127.0.0.1');
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise((resolve) => socket.once('connect', resolve));
  const next = (): Promise<Buffer> => new Promise((resolve) => socket.once('data', resolve));
  return { socket, next, closed };
}
async function handshake(socket: Socket, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const tls = connectTls({ socket, ca, servername: 'localhost', ...options });
  await new Promise<void>((resolve, reject) => tls.once('secureConnect', resolve).once('error', reject));
  return tls;
}
async function encrypted(port: number): Promise<RawClient> {
  const { socket, next } = await plain(port);
  socket.write(SSL_REQUEST);
  expect((await next()).toString()).toBe('S');
  return new RawClient(await handshake(socket));
}

test('SSLRequest is answered S, then the session runs inside TLS', async () => {
  const client = await encrypted(await serve());
  client.startup(STARTUP);
  expect(await client.until((t) => t.endsWith('Z'))).toMatch(/^RS+KZ$/);
  client.send(['Q', 'select 3 rows']);
  expect(await client.until((t) => /Z.*Z$/.test(t))).toMatch(/TDDDCZ$/);
  client.socket.destroy();
});
test('GSSENCRequest is answered N, before SSLRequest and before plain text', async () => {
  const port = await serve();
  const { socket, next } = await plain(port);
  socket.write(GSS_REQUEST);
  expect((await next()).toString()).toBe('N');
  socket.write(SSL_REQUEST);
  expect((await next()).toString()).toBe('S');
  (await handshake(socket)).destroy();
  const second = await plain(port);
  second.socket.write(GSS_REQUEST);
  await second.next();
  second.socket.write(RawClient.startupPacket(STARTUP));
  expect((await second.next())[0]).toBe('R'.charCodeAt(0));
  second.socket.destroy();
});
test('bytes sent behind a request and before its answer are an error, never part of the conversation', async () => {
  const port = await serve();
  for (const [request, name] of [
    [SSL_REQUEST, 'SSL'],
    [GSS_REQUEST, 'GSSAPI encryption'],
  ] as const) {
    for (const injected of [RawClient.startupPacket(STARTUP), Buffer.from('x'), Buffer.from([0x16, 3, 1])]) {
      const { socket, next, closed } = await plain(port);
      socket.write(Buffer.concat([request, injected]));
      const answer = (await next()).toString();
      expect(answer).toContain(`received unencrypted data after ${name} request`);
      expect(answer[0]).toBe('E');
      await closed;
    }
  }
  expect(service.sessions()).toEqual([]);
});
test('plain bytes that arrive while the certificate is made are an error', async () => {
  let release: () => void = () => undefined;
  const made = new Promise<void>((resolve) => (release = resolve));
  const port = await serve('on', () => made.then(() => certificate.context()));
  const { socket, next } = await plain(port);
  socket.write(SSL_REQUEST);
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.write(RawClient.startupPacket(STARTUP));
  await new Promise((resolve) => setTimeout(resolve, 20));
  release();
  const answer = await next();
  // Either noticed in time, or fed to the handshake, which it is not.
  expect(answer[0] === 0x45 || answer[0] === 0x53).toBe(true);
  await new Promise((resolve) => socket.once('close', resolve));
  expect(service.sessions()).toEqual([]);
});
test('a client that comes before the certificate is made waits for it', async () => {
  const other = mkdtempSync(join(tmpdir(), 'slicehouse-tls-late-'));
  const late = ownCertificate(
    other,
    '127.0.0.1',
    () => Date.now(),
    () => undefined,
    makePairs,
  );
  const port = await serve('on', late.context);
  const { socket, next } = await plain(port);
  socket.write(SSL_REQUEST);
  expect((await next()).toString()).toBe('S');
  (await handshake(socket, { ca: readFileSync(late.authorityFile!, 'utf8') })).destroy();
  rmSync(other, { recursive: true });
});
test('a certificate that cannot be made leaves plain text', async () => {
  const port = await serve('on', () => Promise.reject(new TypeError('disk full')));
  const { socket, next } = await plain(port);
  socket.write(SSL_REQUEST);
  expect((await next()).toString()).toBe('N');
  socket.write(RawClient.startupPacket(STARTUP));
  expect((await next())[0]).toBe('R'.charCodeAt(0));
  socket.destroy();
  expect(bugs.splice(0)).toHaveLength(1);
});
test('direct TLS needs ALPN postgresql', async () => {
  const port = await serve();
  const open = (options: ConnectionOptions): Promise<TLSSocket> =>
    handshake(connectPlain(port, '127.0.0.1'), options);
  const client = new RawClient(await open({ ALPNProtocols: ['postgresql'] }));
  client.startup(STARTUP);
  expect(await client.until((t) => t.endsWith('Z'))).toMatch(/^RS+KZ$/);
  client.socket.destroy();
  const without = new RawClient(await open({}));
  await without.until(() => false);
  expect(without.messages[0]!.body.toString()).toContain('without ALPN');
  await expect(open({ ALPNProtocols: ['http/1.1'] })).rejects.toThrow();
  const off = await serve('off');
  await expect(handshake(connectPlain(off, '127.0.0.1'), { ALPNProtocols: ['postgresql'] })).rejects.toThrow();
});
test('TLS below 1.2, an unknown authority and another name fail', async () => {
  const port = await serve();
  const attempt = async (options: ConnectionOptions): Promise<TLSSocket> => {
    const { socket, next } = await plain(port);
    socket.write(SSL_REQUEST);
    await next();
    return handshake(socket, options);
  };
  await expect(attempt({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow();
  await expect(attempt({ ca: undefined })).rejects.toThrow(/certificate|issuer/);
  await expect(attempt({ servername: 'example.org' })).rejects.toThrow(/altnames/);
  (await attempt({ maxVersion: 'TLSv1.2' })).destroy();
});
test('required: plain connections are refused, cancel requests are not; off: answered N', async () => {
  const port = await serve('required');
  const raw = await RawClient.open(port);
  raw.startup(STARTUP);
  expect((await raw.message(0)).body.toString()).toMatch(
    /FATAL\0C28000\0Mno pg_hba.conf entry for host "127.0.0.1", user "admin", database "dev", SSL off/,
  );
  const inside = await encrypted(port);
  inside.startup(STARTUP);
  await inside.until((t) => t.endsWith('Z'));
  const key = inside.messages.find((m) => m.type === 'K')!.body;
  inside.send(['Q', 'slow']);
  const cancel = await RawClient.open(port);
  cancel.socket.write(Buffer.concat([int32(16), int32(80877102), key]));
  await inside.until((t) => /Z.*Z$/.test(t));
  expect(inside.messages.find((m) => m.type === 'E')!.body.toString()).toContain('57014');
  inside.socket.destroy();
  const off = await plain(await serve('off'));
  off.socket.write(SSL_REQUEST);
  expect((await off.next()).toString()).toBe('N');
  off.socket.destroy();
});
test('a cancel request may come over TLS; a second SSLRequest inside it may not', async () => {
  const port = await serve();
  const client = await encrypted(port);
  client.startup(STARTUP);
  await client.until((t) => t.endsWith('Z'));
  const key = client.messages.find((m) => m.type === 'K')!.body;
  client.send(['Q', 'slow']);
  const cancel = await encrypted(port);
  cancel.socket.write(Buffer.concat([int32(16), int32(80877102), key]));
  await client.until((t) => /Z.*Z$/.test(t));
  expect(client.messages.find((m) => m.type === 'E')!.body.toString()).toContain('57014');
  client.socket.destroy();
  const twice = await encrypted(port);
  twice.socket.write(SSL_REQUEST);
  expect((await twice.message(0)).body.toString()).toContain('unsupported frontend protocol 1234.5679');
});
test('garbage instead of a handshake, and silence, harm nobody', async () => {
  const port = await serve();
  for (const garbage of [
    'GET / HTTP/1.1\r\n\r\n',
    Buffer.alloc(3000, 0xff),
    Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5]),
  ]) {
    const { socket, next, closed } = await plain(port);
    socket.write(SSL_REQUEST);
    await next();
    socket.write(garbage);
    socket.end();
    await closed;
  }
  // More silent connections than may wait: those that speak still get in.
  const silent: Socket[] = [];
  for (let i = 0; i < UNAUTHENTICATED_CONNECTIONS_MAX + 20; i++) silent.push((await plain(port)).socket);
  const client = await encrypted(port);
  client.startup(STARTUP);
  expect(await client.until((t) => t.endsWith('Z'))).toMatch(/^RS+KZ$/);
  client.socket.destroy();
  for (const socket of silent) socket.destroy();
});
test('node pg and postgres.js connect with verification, and their sessions are logged as encrypted', async () => {
  const port = await serve('required');
  const client = new pg.Client({ host: 'localhost', port, ...STARTUP, ssl: { ca } });
  await client.connect();
  expect((await client.query('select 1000 rows')).rows).toHaveLength(1000);
  await client.end();
  const sql = postgres({ host: 'localhost', port, ...STARTUP, ssl: { ca }, fetch_types: false, max: 1 });
  expect(await sql.unsafe('select 2 rows')).toHaveLength(2);
  await sql.end();
});
