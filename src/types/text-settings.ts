/**
 * How values are read and written as text (text.ts), out of a session's settings: for literals, parameters and EXECUTE
 * arguments alike. Slices get the same values with every query (SessionValues).
 */
import { dateStyleCode } from './date-style.ts';
import type { TextSettings } from './text.ts';

export const textSettingsOf = (setting: (name: string) => string): TextSettings => ({
  timezone: setting('timezone'),
  extraFloatDigits: Number(setting('extra_float_digits')),
  dateStyle: dateStyleCode(setting('datestyle'), setting('intervalstyle')),
  forbidCompositeIntervals: setting('interval_forbid_composite_literals') === 'on',
});
