/**
 * Catalog values as JSON text for the commit log and the checkpoint. bigint becomes {"$bigint":"123"};
 * undefined members vanish, which is what optional fields mean. No catalog object has a member called
 * "$bigint".
 */

/** JSON text of a value that may hold bigints. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? { $bigint: v.toString() } : v));
}

/** The value `toJson` wrote. The caller vouches for the type, as the text was checksummed. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text, (_key, v: unknown) => {
    if (typeof v === 'object' && v !== null && '$bigint' in v) return BigInt(String(v.$bigint));
    return v;
  }) as T;
}
