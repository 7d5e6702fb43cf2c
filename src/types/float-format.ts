/**
 * Floats as text, to a number of significant digits.
 */
/** C's %.{digits}g. */
export function formatFloat(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-Infinity' : 'Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponentText = '0'] = value.toExponential(digits - 1).split('e');
  const exponent = Number(exponentText);
  const strip = (s: string): string => (s.includes('.') ? s.replace(/\.?0+$/, '') : s);
  if (exponent >= -4 && exponent < digits) return strip(value.toFixed(Math.max(0, digits - 1 - exponent)));
  const shown = String(Math.abs(exponent)).padStart(2, '0');
  return `${strip(mantissa)}e${exponent < 0 ? '-' : '+'}${shown}`;
}
