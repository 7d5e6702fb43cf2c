/**
 * Setting datestyle: output is always ISO; the order of day and month in input is MDY, DMY or YMD.
 */
import { invalidSettingValue } from '../../../common/errors/catalogue.ts';
import { setting } from './define.ts';

const STYLES = ['iso', 'sql', 'postgres', 'german'];
const ORDERS: Readonly<Record<string, string>> = {
  mdy: 'MDY',
  us: 'MDY',
  noneuropean: 'MDY',
  noneuro: 'MDY',
  dmy: 'DMY',
  european: 'DMY',
  euro: 'DMY',
  ymd: 'YMD',
};

export default setting({
  name: 'datestyle',
  default: 'ISO, MDY',
  doc: 'Date output style (ISO only) and the order of day and month in input.',
  report: 'DateStyle',
  validate: (values, name) => {
    let order = 'MDY';
    for (const word of values
      .join(',')
      .split(',')
      .map((w) => w.trim().toLowerCase())) {
      const known = ORDERS[word];
      if (known !== undefined) order = known;
      else if (!STYLES.includes(word) && word !== 'default') throw invalidSettingValue(name, values.join(', '));
      else if (word !== 'iso' && word !== 'default') throw invalidSettingValue(name, values.join(', '));
    }
    return `ISO, ${order}`;
  },
});
