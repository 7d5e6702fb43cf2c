/**
 * Setting timezone: what types/timezone.ts takes for it; held as SHOW tells it. SET TIME ZONE INTERVAL '-08:00' HOUR TO
 * MINUTE counts east, as a number of hours does.
 */
import { invalidSettingValue } from '../../../common/errors/catalogue.ts';
import { fixedZone, parseOffset, settingZone } from '../../../types/timezone.ts';
import { setting } from './define.ts';

export default setting({
  name: 'timezone',
  default: 'UTC',
  doc: 'Zone in which timestamps with time zone are read and shown.',
  report: 'TimeZone',
  validate: (values, name) => {
    const text = values.join(' ').trim();
    const interval = /^interval\s+'([^']*)'(?:\s+hour(?:\s+to\s+minute)?)?$/i.exec(text)?.[1];
    const plain = text.replace(/^'(.*)'$/, '$1');
    if (/^(local|default)$/i.test(plain)) return 'UTC';
    const east = interval === undefined ? undefined : parseOffset(interval.trim());
    const zone = interval === undefined ? settingZone(plain) : east === undefined ? undefined : fixedZone(east);
    if (zone === undefined) throw invalidSettingValue(name, plain);
    return zone.shown;
  },
});
