/**
 * The SSH library: loaded when a host is first connected to. It is CommonJS in plain JavaScript over Node's own cryptography.
 */
import type { KeyObject } from 'node:crypto';
import type { PublicKeyAlgorithm } from '@microsoft/dev-tunnels-ssh';
import { ed25519 } from './ed25519.ts';
import { ED25519, type HostKeyType } from './host-keys.ts';

export type SshLibrary = typeof import('@microsoft/dev-tunnels-ssh');
let loaded: Promise<SshLibrary> | undefined;

export const sshLibrary = (): Promise<SshLibrary> =>
  (loaded ??= import('@microsoft/dev-tunnels-ssh').then(
    (module) => (module as { readonly default?: SshLibrary }).default ?? module,
  ));

/** The signatures that go with each type of host key. */
function hostKeyAlgorithms(ssh: SshLibrary): ReadonlyMap<HostKeyType, readonly PublicKeyAlgorithm[]> {
  const { publicKey } = ssh.SshAlgorithms;
  return new Map<HostKeyType, readonly PublicKeyAlgorithm[]>([
    ['ssh-rsa', [publicKey['rsaWithSha512']!, publicKey['rsaWithSha256']!]],
    ['ecdsa-sha2-nistp256', [publicKey['ecdsaSha2Nistp256']!]],
    ['ecdsa-sha2-nistp384', [publicKey['ecdsaSha2Nistp384']!]],
    ['ecdsa-sha2-nistp521', [publicKey['ecdsaSha2Nistp521']!]],
    [ED25519, [ed25519(ssh)]],
  ]);
}
/**
 * A host that has several keys shows the one of `hostKey`, else its RSA key, as to Redshift; elliptic curves first for the exchange, because
 * large groups take seconds.
 */
export function sshConfiguration(
  ssh: SshLibrary,
  hostKey: HostKeyType = 'ssh-rsa',
): InstanceType<SshLibrary['SshSessionConfiguration']> {
  const { keyExchange } = ssh.SshAlgorithms;
  const configuration = new ssh.SshSessionConfiguration();
  const set = <T>(list: T[], ...wanted: readonly T[]): void => void list.splice(0, list.length, ...wanted);
  const { keyExchangeAlgorithms, publicKeyAlgorithms } = configuration;
  set(
    keyExchangeAlgorithms,
    keyExchange['ecdhNistp256Sha256']!,
    keyExchange['ecdhNistp384Sha384']!,
    keyExchange['ecdhNistp521Sha512']!,
    keyExchange['dhGroup14Sha256']!,
    keyExchange['dhGroup16Sha512']!,
  );
  const algorithms = hostKeyAlgorithms(ssh);
  set(publicKeyAlgorithms, ...new Set([...algorithms.get(hostKey)!, ...[...algorithms.values()].flat()]));
  return configuration;
}

/** A private RSA key as the library wants it. */
export async function keyPairOf(
  ssh: SshLibrary,
  key: KeyObject,
): Promise<InstanceType<SshLibrary['Rsa']['KeyPair']>> {
  const jwk = key.export({ format: 'jwk' });
  const number = (text: string | undefined) =>
    ssh.BigInt.fromBytes(Buffer.from(text!, 'base64url'), { unsigned: true });
  const pair = new ssh.Rsa.KeyPair();
  await pair.importParameters({
    modulus: number(jwk.n),
    exponent: number(jwk.e),
    d: number(jwk.d),
    p: number(jwk.p),
    q: number(jwk.q),
    dp: number(jwk.dp),
    dq: number(jwk.dq),
    qi: number(jwk.qi),
  });
  return pair;
}
