/**
 * DATEFORMAT and TIMEFORMAT strings compiled to the programs that src/wasm/runtime/csv-time.ts runs (one byte per
 * element; the list of bytes stands there). HH means HH24 here, as in Redshift's COPY; TZ and OF are refused; the
 * keywords 'auto', 'epochsecs' and 'epochmillisecs' are case-sensitive. Returns undefined for a bad format.
 */
const DEFAULT_PROGRAM = 0xd0;
const EPOCH_SECONDS = 0xe1;
const EPOCH_MILLIS = 0xe2;

const ELEMENTS: readonly (readonly [string, number])[] = [
  ['YYYY', 1],
  ['HH24', 7],
  ['HH12', 8],
  ['MONTH', 4],
  ['MON', 4],
  ['DDD', 14],
  ['YY', 2],
  ['MM', 3],
  ['DD', 6],
  ['HH', 7],
  ['MI', 9],
  ['SS', 10],
  ['AM', 11],
  ['PM', 11],
  ['A.M.', 11],
  ['US', 12],
  ['MS', 12],
  ['FF', 12],
  ['J', 15],
];
const SEPARATORS = new Set([...' -/.,:;_T']);

function program(format: string): Uint8Array | undefined {
  const out: number[] = [];
  const upper = format.toUpperCase();
  for (let i = 0; i < format.length;) {
    const element = ELEMENTS.find(([text]) => upper.startsWith(text, i));
    if (element !== undefined) {
      // .SSS and .SS after the seconds are a fraction.
      if (element[1] === 10 && out.includes(10)) {
        while (upper[i] === 'S') i++;
        out.push(12);
        continue;
      }
      out.push(element[1]);
      i += element[0].length;
      continue;
    }
    if (upper[i] === 'S' && out.includes(10)) {
      while (upper[i] === 'S') i++;
      out.push(12);
      continue;
    }
    if (!SEPARATORS.has(upper[i]!)) return undefined;
    out.push(upper.charCodeAt(i));
    i++;
  }
  return out.some((b) => b < 0x20) ? Uint8Array.from(out) : undefined;
}

/** DATEFORMAT; undefined text = default. An empty program is 'auto'. */
export function compileDateFormat(format: string | undefined): Uint8Array | undefined {
  if (format === undefined || format === 'YYYY-MM-DD') return Uint8Array.of(DEFAULT_PROGRAM);
  return format === 'auto' ? new Uint8Array(0) : program(format);
}

/** TIMEFORMAT; undefined text = default. */
export function compileTimeFormat(format: string | undefined): Uint8Array | undefined {
  if (format === undefined || format === 'YYYY-MM-DD HH:MI:SS' || format === 'YYYY-MM-DD HH24:MI:SS')
    return Uint8Array.of(DEFAULT_PROGRAM);
  if (format === 'auto') return new Uint8Array(0);
  if (format === 'epochsecs') return Uint8Array.of(EPOCH_SECONDS);
  if (format === 'epochmillisecs') return Uint8Array.of(EPOCH_MILLIS);
  return program(format);
}
