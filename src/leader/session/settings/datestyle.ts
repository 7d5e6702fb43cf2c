/**
 * Setting datestyle: an output style (ISO, SQL, German, Postgres) and the order of day and month (MDY, DMY, YMD) in input,
 * which the SQL and Postgres styles follow in output too. Either may be set alone; German alone brings DMY.
 */
import { invalidSettingValue } from '../../../common/errors/catalogue.ts';
import { OUTPUT_STYLES } from '../../../types/date-style.ts';
import { setting } from './define.ts';

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
const DEFAULT = 'ISO, MDY';

export default setting({
  name: 'datestyle',
  default: DEFAULT,
  doc: 'Date output style and the order of day and month in input.',
  report: 'DateStyle',
  validate: (values, name, current = DEFAULT) => {
    let [style = 'ISO', order = 'MDY'] = current.split(', ');
    let ordered = false;
    const words = values.join(',').split(',');
    for (const word of words.map((w) => w.trim().toLowerCase())) {
      const known = OUTPUT_STYLES.find(
        (s) => s.toLowerCase() === word || (s === 'Postgres' && word === 'postgresql'),
      );
      if (word === 'default') [style = 'ISO', order = 'MDY'] = DEFAULT.split(', ');
      else if (ORDERS[word] !== undefined) [order, ordered] = [ORDERS[word], true];
      else if (known === undefined) throw invalidSettingValue(name, values.join(', '));
      else {
        style = known;
        if (known === 'German' && !ordered) order = 'DMY';
      }
    }
    return `${style}, ${order}`;
  },
});
