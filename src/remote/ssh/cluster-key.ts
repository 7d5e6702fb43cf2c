/**
 * The cluster's own key pair, by which hosts that COPY reads over SSH know it: RSA, made on first use, kept in the data directory
 * (`ssh/cluster_key`, readable by its owner alone, and `ssh/cluster_key.pub`). The public key is shown as Redshift shows a cluster's.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clusterKeyUnusable } from '../../common/errors/remote-errors.ts';
import { isSystemError } from '../../common/errors/fault.ts';

const BITS = 2048;
const COMMENT = 'Amazon-Redshift';
const generate = promisify(generateKeyPair);

export interface ClusterKey {
  readonly privateKey: KeyObject;
  /** A line for authorized_keys. */
  readonly publicLine: string;
}

const number = (bytes: Buffer): Buffer => (bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
const withLength = (bytes: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(bytes.length);
  return Buffer.concat([head, bytes]);
};
/** An RSA key as SSH writes it. */
export function sshPublicKey(key: KeyObject): Buffer {
  const { n, e } = createPublicKey(key).export({ format: 'jwk' });
  const parts = [Buffer.from('ssh-rsa'), ...[e!, n!].map((part) => number(Buffer.from(part, 'base64url')))];
  return Buffer.concat(parts.map(withLength));
}
const asClusterKey = (privateKey: KeyObject): ClusterKey => ({
  privateKey,
  publicLine: `ssh-rsa ${sshPublicKey(privateKey).toString('base64')} ${COMMENT}`,
});

async function make(file: string): Promise<void> {
  const { privateKey } = await generate('rsa', {
    modulusLength: BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const own = `${file}.${process.pid}.${Math.trunc(performance.now() * 1000)}`;
  writeFileSync(own, privateKey, { mode: 0o600, flag: 'wx' });
  try {
    // Whoever was first has made the key; a server and a command may begin at once.
    linkSync(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

const known = new Map<string, ClusterKey>();
/** `folder`: `ssh` in the data directory. */
export async function clusterKey(folder: string): Promise<ClusterKey> {
  const before = known.get(folder);
  if (before !== undefined) return before;
  const file = join(folder, 'cluster_key');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!existsSync(file)) await make(file);
    chmodSync(file, 0o600);
    const key = asClusterKey(createPrivateKey(readFileSync(file)));
    writeFileSync(`${file}.pub`, `${key.publicLine}\n`);
    known.set(folder, key);
    return key;
  } catch (error) {
    throw clusterKeyUnusable(file, isSystemError(error) ? error.message : 'it is no RSA key');
  }
}
