/**
 * The SSH library: loaded when a host is first connected to. It is CommonJS in plain JavaScript over Node's own cryptography.
 */
import type { KeyObject } from 'node:crypto';

export type SshLibrary = typeof import('@microsoft/dev-tunnels-ssh');
let loaded: Promise<SshLibrary> | undefined;

export const sshLibrary = (): Promise<SshLibrary> =>
  (loaded ??= import('@microsoft/dev-tunnels-ssh').then(
    (module) => (module as { readonly default?: SshLibrary }).default ?? module,
  ));

/** Redshift knows hosts by RSA keys only; elliptic curves first, because large groups take seconds. */
export function sshConfiguration(ssh: SshLibrary): InstanceType<SshLibrary['SshSessionConfiguration']> {
  const { keyExchange, publicKey } = ssh.SshAlgorithms;
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
  set(publicKeyAlgorithms, publicKey['rsaWithSha512']!, publicKey['rsaWithSha256']!);
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
