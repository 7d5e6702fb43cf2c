/**
 * The server's certificate: given by the user, or made and kept in a folder of its own,
 *
 *   ca.crt      what clients trust (sslrootcert)      ca.key       signs the server's certificate when it is renewed
 *   server.crt  for localhost, 127.0.0.1, ::1 and where else we listen      server.key
 *
 * readable by this user only. It is looked after when a client asks for encryption: made when missing, damaged, for other
 * names or about to expire; the authority stays the same as long as it lives, so that clients need not be told anew.
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
import { makeAuthority, makeServer, type Pair } from './authority.ts';

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

const DAY_MS = 86_400_000;
const secureContext = (pair: Pair): SecureContext =>
  createSecureContext({ cert: pair.certificate, key: pair.key, minVersion: 'TLSv1.2' });

/** A certificate (chain) and key in files of the user. Throws at once when they cannot serve. */
export function givenCertificate(certificateFile: string, keyFile: string): CertificateStore {
  const read = (file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      throw certificateUnusable(file, (error as NodeJS.ErrnoException).code ?? 'cannot be read');
    }
  };
  const pair = { certificate: read(certificateFile), key: read(keyFile) };
  let context: SecureContext;
  try {
    if (!new X509Certificate(pair.certificate).checkPrivateKey(createPrivateKey(pair.key))) {
      throw new TypeError(`the key in ${keyFile} does not belong to it`);
    }
    context = secureContext(pair);
  } catch (error) {
    throw certificateUnusable(certificateFile, (error as Error).message);
  }
  return {
    authorityFile: undefined,
    start: async () => undefined,
    context: async () => context,
    close: async () => undefined,
  };
}

/** A certificate of our own for a server that listens on `host`, kept in `folder`. */
export function ownCertificate(folder: string, host: string, nowMs: () => number): CertificateStore {
  const names = namesFor(host);
  let ready: Ready | undefined;
  let making: Promise<Ready> | undefined;
  const get = async (): Promise<Ready> => {
    if (ready !== undefined && nowMs() < ready.renewAtMs) return ready;
    making ??= prepare(folder, names, nowMs()).finally(() => (making = undefined));
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

async function prepare(folder: string, names: readonly string[], nowMs: number): Promise<Ready> {
  let authority = load(folder, 'ca');
  if (authority === undefined || endMs(authority) < nowMs + 400 * DAY_MS) {
    authority = await makeAuthority(nowMs);
    save(folder, 'ca', authority);
    rmSync(join(folder, 'server.crt'), { force: true });
  }
  let server = load(folder, 'server');
  if (server === undefined || !serves(server, authority, names, nowMs)) {
    server = await makeServer(authority, names, nowMs);
    save(folder, 'server', server);
  }
  const chain = { certificate: `${server.certificate.trim()}\n${authority.certificate.trim()}\n`, key: server.key };
  return { context: secureContext(chain), renewAtMs: endMs(server) - CERTIFICATE_RENEW_DAYS * DAY_MS };
}

const endMs = (pair: Pair): number => Date.parse(new X509Certificate(pair.certificate).validTo);

function serves(server: Pair, authority: Pair, names: readonly string[], nowMs: number): boolean {
  const certificate = new X509Certificate(server.certificate);
  if (!certificate.verify(new X509Certificate(authority.certificate).publicKey)) return false;
  if (endMs(server) < nowMs + CERTIFICATE_RENEW_DAYS * DAY_MS) return false;
  return names.every((n) => (isIP(n) === 0 ? certificate.checkHost(n) : certificate.checkIP(n)) !== undefined);
}

/** Undefined when a file is missing, is no certificate, or the key belongs to another. */
function load(folder: string, name: string): Pair | undefined {
  const paths = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  if (!paths.every((path) => existsSync(path))) return undefined;
  try {
    const [certificate, key] = paths.map((path) => readFileSync(path, 'utf8')) as [string, string];
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)) ? { certificate, key } : undefined;
  } catch {
    return undefined;
  }
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
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, path);
}
