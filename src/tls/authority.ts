/**
 * Makes certificates: a certificate authority of our own, and server certificates that it signs. Elliptic curve P-256
 * throughout, which every driver of these years takes and which costs a millisecond. Key identifiers are in both, as
 * strict verifiers (Python from 3.13) ask for them. The library is loaded when the first certificate is made, not before.
 * Called by certificate-worker.ts.
 */
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

export interface Pair {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}
/** `authority`: the one that signs; undefined when a new one is to be made. Names: host names and addresses, localhost first. */
export interface MakeRequest {
  readonly authority: Pair | undefined;
  readonly names: readonly string[];
  readonly nowMs: number;
}
export interface MadePairs {
  readonly authority: Pair;
  readonly server: Pair;
}
export type MakePairs = (request: MakeRequest) => Promise<MadePairs>;

export const makePairs: MakePairs = async ({ authority: given, names, nowMs }) => {
  const authority = given ?? (await makeAuthority(nowMs));
  return { authority, server: await makeServer(authority, names, nowMs) };
};

type Library = typeof import('@peculiar/x509');

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
/** Some clients refuse certificates that live longer. */
const SERVER_DAYS = 397;
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' };

async function library(): Promise<Library> {
  await import('reflect-metadata');
  const loaded = await import('@peculiar/x509');
  // Bundled, the package's CommonJS form is found.
  const x509 = loaded.cryptoProvider === undefined ? (loaded as unknown as { default: Library }).default : loaded;
  x509.cryptoProvider.set(webcrypto as never);
  return x509;
}

/** Clocks of clients may be a day behind. */
const period = (nowMs: number, days: number): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(nowMs - DAY_MS),
  notAfter: new Date(nowMs + days * DAY_MS),
});
const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;

async function pem(label: string, bytes: ArrayBuffer): Promise<string> {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,64}/g) as string[];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
const privatePem = async (keys: webcrypto.CryptoKeyPair): Promise<string> =>
  pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));

async function makeAuthority(nowMs: number): Promise<Pair> {
  const x509 = await library();
  const keys = await newKeys();
  const made = new Date(nowMs).toISOString().slice(0, 19).replace(/\D/g, '');
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...period(nowMs, AUTHORITY_DAYS),
    name: `CN=Slicehouse local CA ${made}`,
    keys: keys as never,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as never),
    ],
  });
  return { certificate: await pem('CERTIFICATE', certificate.rawData), key: await privatePem(keys) };
}

async function makeServer(authority: Pair, names: readonly string[], nowMs: number): Promise<Pair> {
  const x509 = await library();
  const keys = await newKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const der = Buffer.from(authority.key.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const signingKey = await webcrypto.subtle.importKey('pkcs8', der, CURVE, false, ['sign']);
  const certificate = await x509.X509CertificateGenerator.create({
    ...period(nowMs, SERVER_DAYS),
    subject: `CN=${names[0] ?? 'localhost'}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey as never,
    signingKey: signingKey as never,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as never),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certificate: await pem('CERTIFICATE', certificate.rawData), key: await privatePem(keys) };
}
