/**
 * Settings whose value is the server's to tell: what the database enforces, whether the user in charge is a superuser,
 * whether plain connections are refused, how long a text may be. Told anew with every request, since ALTER DATABASE, ALTER USER and SET SESSION
 * AUTHORIZATION change what is true. Used by session.ts.
 */
import { isolationSetting } from '../catalog/isolation.ts';
import type { UserObject } from '../catalog/objects.ts';
import type { SqlServiceDeps } from './scope.ts';
import type { SettingsStore } from './settings-store.ts';

export function fixSettings(
  settings: SettingsStore,
  deps: Pick<SqlServiceDeps, 'database' | 'config'>,
  database: string,
  user: UserObject,
): void {
  const level = isolationSetting(deps.database(database));
  settings.fix('transaction_isolation', level);
  settings.fix('default_transaction_isolation', level);
  settings.fix('is_superuser', user.superuser ? 'on' : 'off');
  settings.fix('enable_large_strings_opt_in', deps.config.largeStrings === true ? 'on' : 'off');
  settings.fix('require_ssl', deps.config.tlsRequired === true ? 'true' : 'false');
}
