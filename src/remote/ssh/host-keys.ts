/**
 * The types of host keys that COPY over SSH knows hosts by. Redshift documents RSA alone; hosts of today have the others first.
 */
export const ED25519 = 'ssh-ed25519';
export const HOST_KEY_TYPES = [
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  ED25519,
] as const;
export type HostKeyType = (typeof HOST_KEY_TYPES)[number];

/** The type of a key in SSH's form, which its first field names; undefined: it is none, or of another type. */
export function hostKeyType(key: Buffer): HostKeyType | undefined {
  const length = key.length < 4 ? 0 : key.readUInt32BE(0);
  const name = key.toString('latin1', 4, 4 + length);
  return HOST_KEY_TYPES.find((type) => type === name);
}
