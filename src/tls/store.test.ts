/** The certificate store: what is made, kept, renewed and repaired, with an injected clock. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { makePairs } from './authority.ts';
import { givenCertificate, ownCertificate as storeOf, type CertificateStore, type Warn } from './store.ts';

const roots: string[] = [];
let folder = '';
const warnings: string[] = [];
const warn = (note: string): void => void warnings.push(note);
beforeEach(() => {
  warnings.length = 0;
  roots.push(mkdtempSync(join(tmpdir(), 'slicehouse-tls-')));
  folder = join(roots.at(-1)!, 'tls');
});
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});
const ownCertificate = (inFolder: string, host: string, nowMs: () => number, told: Warn): CertificateStore =>
  storeOf(inFolder, host, nowMs, told, makePairs);
const DAY = 86_400_000;
const START = Date.UTC(2030, 0, 1);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const certificate = (name: string): X509Certificate => new X509Certificate(read(name));

test('makes an authority and a certificate for localhost, readable by nobody else', async () => {
  await ownCertificate(folder, '127.0.0.1', () => START, warn).start();
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
  const first = ownCertificate(folder, 'localhost', () => now, warn);
  const context = await first.context();
  expect(await first.context()).toBe(context);
  const [ca, server] = [read('ca.crt'), read('server.crt')];
  now += 300 * DAY;
  await ownCertificate(folder, 'localhost', () => now, warn).start();
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
  const store = ownCertificate(folder, 'localhost', () => START, warn);
  const contexts = await Promise.all([store.context(), store.context(), store.start().then(() => store.context())]);
  expect(new Set(contexts).size).toBe(1);
});
test('a damaged or strange file is replaced, another address gets its name', async () => {
  await ownCertificate(folder, 'localhost', () => START, warn).start();
  const ca = read('ca.crt');
  writeFileSync(join(folder, 'server.crt'), 'garbage');
  await ownCertificate(folder, 'localhost', () => START, warn).start();
  expect(certificate('server.crt').checkHost('localhost')).toBe('localhost');
  await ownCertificate(folder, '192.0.2.7', () => START, warn).start();
  expect(certificate('server.crt').checkIP('192.0.2.7')).toBe('192.0.2.7');
  expect(read('ca.crt')).toBe(ca);
  expect(warnings).toEqual([]);
});
test('an authority that cannot sign serves on while its certificate does, and is told of', async () => {
  await ownCertificate(folder, 'localhost', () => START, warn).start();
  const [ca, key, server] = [read('ca.crt'), read('ca.key'), read('server.crt')];
  for (const [damaged, said] of [
    ['', 'is damaged'],
    [read('server.key'), `is not the key of ${join(folder, 'ca.crt')}`],
    [undefined, 'is missing'],
  ] as const) {
    if (damaged === undefined) rmSync(join(folder, 'ca.key'));
    else writeFileSync(join(folder, 'ca.key'), damaged);
    await ownCertificate(folder, 'localhost', () => START, warn).start();
    expect([read('ca.crt'), read('server.crt')]).toEqual([ca, server]);
    expect(warnings.splice(0)).toEqual([
      `${join(folder, 'ca.key')} ${said}; the server's certificate is still good, but cannot be renewed: put the file back`,
    ]);
  }
  writeFileSync(join(folder, 'ca.key'), key);
  await ownCertificate(folder, 'localhost', () => START + 380 * DAY, warn).start();
  expect(read('ca.crt')).toBe(ca);
  expect(warnings).toEqual([]);
});
test('a new authority is never made without a word, and the old files stay', async () => {
  let now = START;
  const remade = async (said: string, old: readonly string[]): Promise<void> => {
    await ownCertificate(folder, 'localhost', () => now, warn).start();
    const kept = old.map((n) => join(folder, n)).join(' and ');
    expect(warnings.splice(0)).toEqual([
      `${said}: a new authority was made, and clients that trust the old one must be given ${join(folder, 'ca.crt')}; the old files are ${kept}`,
    ]);
    expect(certificate('server.crt').verify(certificate('ca.crt').publicKey)).toBe(true);
  };
  await ownCertificate(folder, 'localhost', () => now, warn).start();
  const ca = read('ca.crt');
  writeFileSync(join(folder, 'ca.crt'), 'garbage');
  await remade(`${join(folder, 'ca.crt')} is damaged`, ['ca.crt.old', 'ca.key.old']);
  expect(read('ca.crt')).not.toBe(ca);
  expect(read('ca.crt.old')).toBe('garbage');
  rmSync(join(folder, 'ca.crt'));
  await remade(`${join(folder, 'ca.crt')} is missing`, ['ca.key.old2']);
  rmSync(join(folder, 'ca.key'));
  rmSync(join(folder, 'server.key'));
  await remade(`${join(folder, 'ca.key')} is missing`, ['ca.crt.old2']);
  for (const name of ['ca.crt', 'ca.key']) rmSync(join(folder, name));
  await ownCertificate(folder, 'localhost', () => now, warn).start();
  expect(warnings.splice(0)).toEqual([expect.stringMatching(/ca\.crt is missing: a new authority was made/)]);
  now += 9.5 * 365 * DAY;
  await remade(`${join(folder, 'ca.crt')} is near its end`, ['ca.crt.old3', 'ca.key.old3']);
});
test('an authority that may not be read is left alone', async () => {
  await ownCertificate(folder, 'localhost', () => START, warn).start();
  const server = read('server.crt');
  rmSync(join(folder, 'ca.key'));
  // A folder: not readable as a file, for no user.
  mkdirSync(join(folder, 'ca.key'));
  await expect(ownCertificate(folder, 'localhost', () => START, warn).start()).rejects.toThrow(
    /ca\.key cannot be used: it cannot be read \(EISDIR\)/,
  );
  expect(read('server.crt')).toBe(server);
});
test('a given certificate is used as it is, an unusable one named', async () => {
  await ownCertificate(folder, 'localhost', () => START, warn).start();
  const at = (name: string): string => join(folder, name);
  const given = (crt: string, key: string, nowMs = START) => givenCertificate(at(crt), at(key), () => nowMs, warn);
  expect(given('server.crt', 'server.key').authorityFile).toBeUndefined();
  expect(warnings).toEqual([]);
  given('server.crt', 'server.key', START + 500 * DAY);
  given('server.crt', 'server.key', START - 500 * DAY);
  expect(warnings).toEqual([
    expect.stringMatching(/server\.crt: the certificate ended on Feb {2}2 .* 2031/),
    expect.stringMatching(/server\.crt: the certificate begins on Dec 31 .* 2029/),
  ]);
  expect(() => given('none.crt', 'server.key')).toThrow(/none\.crt cannot be used: it cannot be read \(ENOENT\)/);
  expect(() => given('server.crt', 'ca.key')).toThrow(
    /server\.crt cannot be used: the key in .*ca\.key belongs to another certificate/,
  );
  writeFileSync(at('bad.crt'), 'x');
  expect(() => given('bad.crt', 'server.key')).toThrow(/bad\.crt cannot be used: it holds no certificate in PEM/);
  expect(() => given('server.crt', 'bad.crt')).toThrow(/bad\.crt cannot be used: it holds no private key in PEM/);
  const locked = createPrivateKey(read('server.key')).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  });
  writeFileSync(at('locked.key'), locked);
  expect(() => given('server.crt', 'locked.key')).toThrow(/locked\.key cannot be used: its key is locked/);
});
