/**
 * Setting seed: makes random() repeatable. The same statements after the same SET give the same numbers on the same
 * topology (settings-store.ts draws a statement's seed, execution/segment-run.ts a slice's stream from it).
 */
import { invalidSettingValue, settingOutOfRange } from '../../../common/errors/catalogue.ts';
import { setting } from './define.ts';

export const UNSET_SEED = 'unset';

export default setting({
  name: 'seed',
  default: UNSET_SEED,
  keptByResetAll: true,
  doc: 'Seed of random(), 0 to 1; the statements that follow draw repeatable numbers.',
  validate: (values, name) => {
    const text = values.join(', ').trim();
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw invalidSettingValue(name, text);
    const value = Number(text);
    if (value < 0 || value > 1) throw settingOutOfRange(name, text, '0', '1');
    return String(value);
  },
});
