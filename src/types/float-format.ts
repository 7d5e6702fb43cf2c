/**
 * Floats as text, to a number of significant digits.
 */
/** C's %.{digits}g; `plain`: powers of ten up to which there is no exponent. */
export function formatFloat(value: number, digits: number, plain = digits): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-Infinity' : 'Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponentText = '0'] = value.toExponential(digits - 1).split('e');
  const exponent = Number(exponentText);
  const strip = (s: string): string => (s.includes('.') ? s.replace(/\.?0+$/, '') : s);
  if (exponent >= -4 && exponent < plain) return strip(value.toFixed(Math.max(0, digits - 1 - exponent)));
  const shown = String(Math.abs(exponent)).padStart(2, '0');
  return `${strip(mantissa)}e${exponent < 0 ? '-' : '+'}${shown}`;
}

/** The fewest digits that read back, as the kernels write floats with all their digits (wasm/runtime/float-text.ts). */
export function shortestFloat(value: number, isSingle: boolean): string {
  const [normal, most] = isSingle ? [6, 9] : [15, 17];
  let digits = normal;
  const reads = (text: string): number => (isSingle ? Math.fround(Number(text)) : Number(text));
  while (digits < most && reads(value.toPrecision(digits)) !== value) digits++;
  return formatFloat(value, digits, normal);
}

/** With extra_float_digits; 3 are more digits than there are, and give the fewest that read back. */
export function floatText(value: number, isSingle: boolean, extra: number): string {
  if (extra >= 3 && Number.isFinite(value) && value !== 0) return shortestFloat(value, isSingle);
  return formatFloat(value, Math.max(1, (isSingle ? 6 : 15) + extra));
}
