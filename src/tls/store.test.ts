/** The certificate store: what is made, kept, renewed and repaired, with an injected clock. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { givenCertificate, ownCertificate } from './store.ts';

const roots: string[] = [];
let folder = '';
beforeEach(() => {
  roots.push(mkdtempSync(join(tmpdir(), 'slicehouse-tls-')));
  folder = join(roots.at(-1)!, 'tls');
});
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});
const DAY = 86_400_000;
const START = Date.UTC(2030, 0, 1);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const certificate = (name: string): X509Certificate => new X509Certificate(read(name));

test('makes an authority and a certificate for localhost, readable by nobody else', async () => {
  await ownCertificate(folder, '127.0.0.1', () => START).start();
  expect(readdirSync(folder).sort()).toEqual(['ca.crt', 'ca.key', 'server.crt', 'server.key']);
  if (process.platform !== 'win32') {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  }
  const [ca, server] = [certificate('ca.crt'), certificate('server.crt')];
  expect([ca.ca, server.ca]).toEqual([true, false]);
  expect(server.checkIssued(ca) && server.verify(ca.publicKey)).toBe(true);
  expect(server.checkHost('localhost')).toBe('localhost');
  expect([server.checkIP('127.0.0.1'), server.checkIP('::1')]).toEqual(['127.0.0.1', '::1']);
  expect(server.checkHost('example.org')).toBeUndefined();
});
test('a second start reads what the first made; the server certificate is renewed in time by the same authority', async () => {
  let now = START;
  const first = ownCertificate(folder, 'localhost', () => now);
  const context = await first.context();
  expect(await first.context()).toBe(context);
  const [ca, server] = [read('ca.crt'), read('server.crt')];
  now += 300 * DAY;
  await ownCertificate(folder, 'localhost', () => now).start();
  expect([read('ca.crt'), read('server.crt')]).toEqual([ca, server]);
  now += 80 * DAY;
  expect(await first.context()).not.toBe(context);
  expect(read('ca.crt')).toBe(ca);
  expect(read('server.crt')).not.toBe(server);
  expect(certificate('server.crt').verify(certificate('ca.crt').publicKey)).toBe(true);
  now += 9 * 365 * DAY;
  await first.context();
  expect(read('ca.crt')).not.toBe(ca);
  expect(certificate('server.crt').verify(certificate('ca.crt').publicKey)).toBe(true);
});
test('many clients at once wait for one certificate', async () => {
  const store = ownCertificate(folder, 'localhost', () => START);
  const contexts = await Promise.all([store.context(), store.context(), store.start().then(() => store.context())]);
  expect(new Set(contexts).size).toBe(1);
});
test('a damaged or strange file is replaced, another address gets its name', async () => {
  await ownCertificate(folder, 'localhost', () => START).start();
  const ca = read('ca.crt');
  writeFileSync(join(folder, 'server.crt'), 'garbage');
  await ownCertificate(folder, 'localhost', () => START).start();
  expect(certificate('server.crt').checkHost('localhost')).toBe('localhost');
  await ownCertificate(folder, '192.0.2.7', () => START).start();
  expect(certificate('server.crt').checkIP('192.0.2.7')).toBe('192.0.2.7');
  expect(read('ca.crt')).toBe(ca);
  // The key of another certificate.
  writeFileSync(join(folder, 'ca.key'), read('server.key'));
  await ownCertificate(folder, 'localhost', () => START).start();
  expect(read('ca.crt')).not.toBe(ca);
  expect(certificate('server.crt').verify(certificate('ca.crt').publicKey)).toBe(true);
});
test('a given certificate is used as it is, an unusable one named', async () => {
  await ownCertificate(folder, 'localhost', () => START).start();
  const at = (name: string): string => join(folder, name);
  expect(givenCertificate(at('server.crt'), at('server.key')).authorityFile).toBeUndefined();
  expect(() => givenCertificate(at('none.crt'), at('server.key'))).toThrow(/none\.crt cannot be used: ENOENT/);
  expect(() => givenCertificate(at('server.crt'), at('ca.key'))).toThrow(/server\.crt cannot be used: the key/);
  writeFileSync(at('bad.crt'), 'x');
  expect(() => givenCertificate(at('bad.crt'), at('server.key'))).toThrow(/bad\.crt cannot be used/);
});
