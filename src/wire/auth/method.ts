/**
 * Which authentication a user meets: md5 when a password hash is known, trust otherwise. SCRAM is never offered, because
 * Redshift's own drivers break on it. Called once per connection by connection.ts.
 */
export type AuthMethod = { readonly kind: 'trust' } | { readonly kind: 'md5'; readonly stored: string };

export function methodFor(passwordHash: string | undefined): AuthMethod {
  return passwordHash === undefined ? { kind: 'trust' } : { kind: 'md5', stored: passwordHash };
}
