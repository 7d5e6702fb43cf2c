/** Settings of users, which their sessions begin with: a name or value that SET would refuse is refused here. */
import { undefinedParameter } from '../../common/errors/catalogue.ts';
import { SettingsStore, canonicalName, settingDefinitions } from '../session/settings-store.ts';

/** The value as sessions keep it. */
export function checkedSetting(name: string, values: readonly string[]): string {
  const key = canonicalName(name);
  if (!settingDefinitions().some((d) => d.name === key)) throw undefinedParameter(name);
  const store = new SettingsStore();
  store.set(key, values, false);
  return store.get(key);
}
