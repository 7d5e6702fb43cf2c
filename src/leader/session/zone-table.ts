/**
 * Transition table of a time zone for the kernels (layout in wasm/memory-map.ts), found with Intl: offsets are sampled
 * month by month and each change is located by bisection. Cached; a zone costs some milliseconds once.
 */
const MICROS_2000 = 946_684_800_000n * 1000n;
const MINIMUM = -0x8000000000000000n;
const cache = new Map<string, Uint8Array | undefined>();

const isUtc = (name: string): boolean => /^(utc|gmt|etc\/utc|etc\/gmt|universal|zulu|z)$/i.test(name);

/** Undefined for UTC and for names Intl does not know (the setting's validation refuses those). */
export function zoneTable(name: string): Uint8Array | undefined {
  if (isUtc(name)) return undefined;
  if (!cache.has(name)) cache.set(name, build(name));
  return cache.get(name);
}

/** Offset east in seconds of `formatter`'s zone at a UTC instant. */
function offsetAt(formatter: Intl.DateTimeFormat, ms: number): number {
  const part: Record<string, number> = {};
  for (const p of formatter.formatToParts(new Date(ms))) if (p.type !== 'literal') part[p.type] = Number(p.value);
  const local = Date.UTC(
    part['year']!,
    part['month']! - 1,
    part['day']!,
    part['hour']! % 24,
    part['minute']!,
    part['second']!,
  );
  return Math.round((local - Math.floor(ms / 1000) * 1000) / 1000);
}

function build(name: string): Uint8Array | undefined {
  let formatter: Intl.DateTimeFormat;
  try {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  const entries: { from: bigint; offset: number }[] = [];
  let previous = Date.UTC(1900, 0, 1);
  let offset = offsetAt(formatter, previous);
  entries.push({ from: MINIMUM, offset });
  for (let month = 1; month < 145 * 12; month++) {
    const at = Date.UTC(1900, month, 1);
    const next = offsetAt(formatter, at);
    if (next !== offset) {
      let [low, high] = [previous / 1000, at / 1000];
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (offsetAt(formatter, middle * 1000) === offset) low = middle;
        else high = middle;
      }
      entries.push({ from: BigInt(high) * 1_000_000n - MICROS_2000, offset: next });
      offset = next;
    }
    previous = at;
  }
  const out = new DataView(new ArrayBuffer(8 + entries.length * 16));
  out.setUint32(0, entries.length, true);
  for (const [i, e] of entries.entries()) {
    out.setBigInt64(8 + i * 16, e.from, true);
    out.setBigInt64(16 + i * 16, BigInt(e.offset) * 1_000_000n, true);
  }
  return new Uint8Array(out.buffer);
}
