/**
 * The server's certificate: given by the user, or made and kept in a folder of its own,
 *
 *   ca.crt      what clients trust (sslrootcert)      ca.key       signs the server's certificate when it is renewed
 *   server.crt  for localhost, 127.0.0.1, ::1 and where else we listen      server.key
 *
 * readable by this user only. It is looked after when a client asks for encryption: made when missing, damaged, for other
 * names or about to expire; the authority stays the same as long as it lives, so that clients need not be told anew. An
 * authority that is damaged or half gone serves on while its server certificate does; when a new one is made, the old files are
 * set aside and a warning says so. One that may not be read is left alone: no certificate until it may.
 * Nothing is made before start() or the first context(). Used by start-cluster.ts; the wire server sees `context` only.
 */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { networkInterfaces, hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { certificateUnusable } from '../common/errors/catalogue.ts';
import { isLoopback } from '../common/loopback.ts';
import { CERTIFICATE_RENEW_DAYS } from '../common/limits.ts';
import type { MakePairs, Pair } from './authority.ts';

export interface CertificateStore {
  /** What clients must trust; undefined when the user gave the certificate. The file is there once start() has settled. */
  readonly authorityFile: string | undefined;
  /** Reads or makes the certificate. */
  start(): Promise<void>;
  context(): Promise<SecureContext>;
  /** Settles when nothing is being written. */
  close(): Promise<void>;
}
interface Ready {
  readonly context: SecureContext;
  readonly renewAtMs: number;
}

/** Told what a user should know of, in one line. */
export type Warn = (note: string) => void;

const DAY_MS = 86_400_000;
/** An authority outlives every certificate it signs. */
const AUTHORITY_RENEW_DAYS = 400;
const secureContext = (pair: Pair): SecureContext =>
  createSecureContext({ cert: pair.certificate, key: pair.key, minVersion: 'TLSv1.2' });

/** The text of a file that must be readable. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw certificateUnusable(
      file,
      `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
    );
  }
}
/** What a step makes, or a sentence about the file instead of what the library says. */
function orUnusable<T>(file: string, what: string, step: () => T): T {
  try {
    return step();
  } catch {
    throw certificateUnusable(file, what);
  }
}

/** A certificate (chain) and key in files of the user. Throws at once when they cannot serve. */
export function givenCertificate(
  certificateFile: string,
  keyFile: string,
  nowMs: () => number,
  warn: Warn,
): CertificateStore {
  const pair = { certificate: read(certificateFile), key: read(keyFile) };
  const first = orUnusable(
    certificateFile,
    'it holds no certificate in PEM',
    () => new X509Certificate(pair.certificate),
  );
  const locked = /ENCRYPTED/.test(pair.key);
  const noKey = locked ? 'its key is locked with a passphrase' : 'it holds no private key in PEM';
  const key = orUnusable(keyFile, noKey, () => createPrivateKey(pair.key));
  if (!first.checkPrivateKey(key)) {
    throw certificateUnusable(certificateFile, `the key in ${keyFile} belongs to another certificate`);
  }
  const context = orUnusable(certificateFile, 'it is not one that TLS can use', () => secureContext(pair));
  if (endMs(pair) <= nowMs()) warn(`${certificateFile}: the certificate ended on ${first.validTo}`);
  if (Date.parse(first.validFrom) > nowMs()) warn(`${certificateFile}: the certificate begins on ${first.validFrom}`);
  return {
    authorityFile: undefined,
    start: async () => undefined,
    context: async () => context,
    close: async () => undefined,
  };
}

/** A certificate of our own for a server that listens on `host`, kept in `folder`. */
export function ownCertificate(
  folder: string,
  host: string,
  nowMs: () => number,
  warn: Warn,
  make: MakePairs,
): CertificateStore {
  const names = namesFor(host);
  let ready: Ready | undefined;
  let making: Promise<Ready> | undefined;
  const get = async (): Promise<Ready> => {
    if (ready !== undefined && nowMs() < ready.renewAtMs) return ready;
    making ??= prepare(folder, names, nowMs(), warn, make).finally(() => (making = undefined));
    ready = await making;
    return ready;
  };
  return {
    authorityFile: join(folder, 'ca.crt'),
    start: async () => void (await get()),
    context: async () => (await get()).context,
    close: async () => void (await making?.catch(() => undefined)),
  };
}

/** What a client may call us. */
function namesFor(host: string): readonly string[] {
  const names = new Set(['localhost', '127.0.0.1', '::1']);
  if (!isLoopback(host)) {
    names.add(hostname());
    const everywhere = host === '0.0.0.0' || host === '::';
    if (!everywhere) names.add(host);
    else {
      for (const cards of Object.values(networkInterfaces())) {
        for (const { address } of cards ?? []) if (!address.includes('%')) names.add(address);
      }
    }
  }
  return [...names];
}

async function prepare(
  folder: string,
  names: readonly string[],
  nowMs: number,
  warn: Warn,
  make: MakePairs,
): Promise<Ready> {
  const old = load(folder, 'server');
  const found = loadAuthority(folder, old);
  // What clients trust, also when nothing new can be signed.
  const trusted: Pair =
    found.kind === 'sound'
      ? found.pair
      : { certificate: found.kind === 'damaged' ? (found.certificate ?? '') : '', key: '' };
  const serving = old.kind === 'sound' && trusted.certificate !== '' && serves(old.pair, trusted, names, nowMs);
  if (found.kind === 'damaged' && serving) {
    warn(`${found.what}; the server's certificate is still good, but cannot be renewed: put the file back`);
    return readyWith(old.pair, trusted);
  }
  const isLasting = found.kind === 'sound' && endMs(trusted) >= nowMs + AUTHORITY_RENEW_DAYS * DAY_MS;
  if (isLasting && serving) return readyWith(old.pair, trusted);
  const { authority, server } = await make({ authority: isLasting ? trusted : undefined, names, nowMs });
  if (!isLasting) {
    const aside = setAside(folder);
    save(folder, 'ca', authority);
    rmSync(join(folder, 'server.crt'), { force: true });
    const told = `a new authority was made, and clients that trust the old one must be given ${join(folder, 'ca.crt')}`;
    const kept = aside.length === 0 ? '' : `; the old files are ${aside.join(' and ')}`;
    if (found.kind === 'damaged') warn(`${found.what}: ${told}${kept}`);
    if (found.kind === 'sound') warn(`${join(folder, 'ca.crt')} is near its end: ${told}${kept}`);
  }
  save(folder, 'server', server);
  return readyWith(server, authority);
}
function readyWith(server: Pair, authority: Pair): Ready {
  const chain = { certificate: `${server.certificate.trim()}\n${authority.certificate.trim()}\n`, key: server.key };
  return { context: secureContext(chain), renewAtMs: endMs(server) - CERTIFICATE_RENEW_DAYS * DAY_MS };
}
/** Renames the authority's files, so that it can be put back; their new paths. What was put aside before stays. */
function setAside(folder: string): string[] {
  const out: string[] = [];
  for (const name of ['ca.crt', 'ca.key']) {
    const path = join(folder, name);
    if (!existsSync(path)) continue;
    let kept = `${path}.old`;
    for (let n = 2; existsSync(kept); n++) kept = `${path}.old${n}`;
    renameSync(path, kept);
    out.push(kept);
  }
  return out;
}

const endMs = (pair: Pair): number => Date.parse(new X509Certificate(pair.certificate).validTo);

function serves(server: Pair, authority: Pair, names: readonly string[], nowMs: number): boolean {
  const certificate = new X509Certificate(server.certificate);
  if (!certificate.verify(new X509Certificate(authority.certificate).publicKey)) return false;
  if (endMs(server) < nowMs + CERTIFICATE_RENEW_DAYS * DAY_MS) return false;
  return names.every((n) => (isIP(n) === 0 ? certificate.checkHost(n) : certificate.checkIP(n)) !== undefined);
}

type Loaded =
  | { readonly kind: 'none' }
  | { readonly kind: 'sound'; readonly pair: Pair }
  /** `certificate`: when that one is good. */
  | { readonly kind: 'damaged'; readonly what: string; readonly certificate: string | undefined };

/** A server certificate without an authority had one that clients trust. */
function loadAuthority(folder: string, server: Loaded): Loaded {
  const found = load(folder, 'ca');
  if (found.kind !== 'none' || server.kind === 'none') return found;
  return { kind: 'damaged', what: `${join(folder, 'ca.crt')} is missing`, certificate: undefined };
}

/** Throws when a file may not be read: that is no damage. */
function load(folder: string, name: string): Loaded {
  const [crt, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const there = [crt, keyFile].filter((path) => existsSync(path));
  if (there.length === 0) return { kind: 'none' };
  const parse = <T>(path: string, step: (text: string) => T): T | undefined => {
    if (!there.includes(path)) return undefined;
    const text = read(path);
    try {
      return step(text);
    } catch {
      return undefined;
    }
  };
  const certificate = parse(crt, (text) => ({ text, parsed: new X509Certificate(text) }));
  const key = parse(keyFile, (text) => ({ text, parsed: createPrivateKey(text) }));
  const wrong = (path: string): string => `${path} is ${there.includes(path) ? 'damaged' : 'missing'}`;
  if (certificate === undefined) return { kind: 'damaged', what: wrong(crt), certificate: undefined };
  if (key === undefined) return { kind: 'damaged', what: wrong(keyFile), certificate: certificate.text };
  if (!certificate.parsed.checkPrivateKey(key.parsed)) {
    return { kind: 'damaged', what: `${keyFile} is not the key of ${crt}`, certificate: certificate.text };
  }
  return { kind: 'sound', pair: { certificate: certificate.text, key: key.text } };
}

/** The key first: a certificate without its key is made anew, a key alone harms nobody. */
function save(folder: string, name: string, pair: Pair): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  put(join(folder, `${name}.key`), pair.key);
  put(join(folder, `${name}.crt`), pair.certificate);
}
function put(path: string, text: string): void {
  const temporary = join(dirname(path), `.${Math.trunc(performance.now() * 1000)}.new`);
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(temporary, path);
}
