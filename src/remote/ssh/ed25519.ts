/**
 * Ed25519 as the library wants a host's signatures to be verified (RFC 8709): it has RSA and ECDSA itself. Only public keys: the cluster's own
 * key is RSA.
 */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { KeyPair, PublicKeyAlgorithm, Signer, Verifier } from '@microsoft/dev-tunnels-ssh';
import { ED25519 } from './host-keys.ts';
import type { SshLibrary } from './library.ts';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

class HostKey implements KeyPair {
  readonly keyAlgorithmName = ED25519;
  readonly hasPrivateKey = false;
  comment: string | null = null;
  private bytes: Buffer | undefined;
  private key: KeyObject | undefined;
  constructor(private readonly ssh: SshLibrary) {}
  get hasPublicKey(): boolean {
    return this.key !== undefined;
  }
  async setPublicKeyBytes(bytes: Buffer): Promise<void> {
    const reader = new this.ssh.SshDataReader(bytes);
    const name = reader.readString('ascii');
    const x = reader.readBinary();
    if (name !== ED25519 || x.length !== KEY_BYTES) throw new TypeError('The host key is no Ed25519 key.');
    this.key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(x).toString('base64url') },
      format: 'jwk',
    });
    this.bytes = Buffer.from(bytes);
  }
  getPublicKeyBytes(): Promise<Buffer | null> {
    return Promise.resolve(this.bytes ?? null);
  }
  verify(data: Buffer, signature: Buffer): boolean {
    return this.key !== undefined && verify(null, data, this.key, signature);
  }
  generate(): Promise<void> {
    throw publicOnly();
  }
  importParameters(): Promise<void> {
    throw publicOnly();
  }
  exportParameters(): ReturnType<KeyPair['exportParameters']> {
    throw publicOnly();
  }
  dispose(): void {
    this.key = undefined;
  }
}
const publicOnly = (): Error => new TypeError('Ed25519 keys are keys of hosts here.');

/** The algorithm, to stand among those of a session. */
export function ed25519(ssh: SshLibrary): PublicKeyAlgorithm {
  class Ed25519 extends ssh.PublicKeyAlgorithm {
    constructor() {
      super(ED25519, ED25519, 'SHA2-512');
    }
    createKeyPair(): KeyPair {
      return new HostKey(ssh);
    }
    generateKeyPair(): Promise<KeyPair> {
      throw publicOnly();
    }
    createSigner(): Signer {
      throw publicOnly();
    }
    createVerifier(key: KeyPair): Verifier {
      return {
        digestLength: SIGNATURE_BYTES,
        verify: (data, signature) => Promise.resolve((key as HostKey).verify(data, signature)),
        dispose: () => undefined,
      };
    }
  }
  return new Ed25519();
}
