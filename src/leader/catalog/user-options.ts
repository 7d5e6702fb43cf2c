/**
 * Options of CREATE USER and ALTER USER beside the password: VALID UNTIL and CONNECTION LIMIT change the user, IN GROUP
 * (CREATE USER only) changes groups; SYSLOG ACCESS, SESSION TIMEOUT, EXTERNALID and SET act from the next log-in.
 */
import { featureNotSupported, grammarError, invalidParameterValue } from '../../common/errors/catalogue.ts';
import { SESSION_TIMEOUT_MAX_SECONDS, SESSION_TIMEOUT_MIN_SECONDS } from '../../common/limits.ts';
import { parseText } from '../../types/text.ts';
import type { CommandOption } from '../parser/ast.ts';
import { textSettingsOf } from '../../types/text-settings.ts';
import { requireNamed } from './names.ts';
import type { CatalogSnapshot, GroupObject, UserObject } from './objects.ts';

/** The session's settings, which say how times are read. */
interface Settings {
  setting(name: string): string;
}

type Changes = {
  -readonly [
    K in 'validUntilMicros' | 'connectionLimit' | 'syslogUnrestricted' | 'sessionTimeout' | 'externalId' | 'settings'
  ]?: UserObject[K] | undefined;
};
export interface UserOptions {
  /** Groups the new user joins. */
  readonly groups: readonly GroupObject[];
  readonly changes: Changes;
}

function timeout(args: CommandOption['args']): number {
  const seconds = Number(args[0]);
  if (seconds < SESSION_TIMEOUT_MIN_SECONDS || seconds > SESSION_TIMEOUT_MAX_SECONDS)
    throw invalidParameterValue(
      `SESSION TIMEOUT must be between ${SESSION_TIMEOUT_MIN_SECONDS} and ${SESSION_TIMEOUT_MAX_SECONDS} seconds`,
    );
  return seconds;
}

/** `before`: the user that is altered. `checked` refuses a setting that there is not, or a value it cannot have. */
export function readUserOptions(
  catalog: CatalogSnapshot,
  options: readonly CommandOption[],
  session: Settings,
  checked: (name: string, values: readonly string[]) => string,
  before?: UserObject,
): UserOptions {
  const groups: GroupObject[] = [];
  const changes: Changes = {};
  const without = (name: string): Readonly<Record<string, string>> => {
    const { [name]: _, ...others } = changes.settings ?? before?.settings ?? {};
    return others;
  };
  for (const { name, args } of options) {
    const value = String(args[0] ?? '').toLowerCase();
    if (name === 'IN GROUP') groups.push(...args.map((arg) => requireNamed(catalog, 'group', String(arg))));
    else if (name === 'VALID UNTIL') changes.validUntilMicros = validUntil(value, session);
    else if (name === 'CONNECTION LIMIT') changes.connectionLimit = value === 'unlimited' ? undefined : Number(value);
    else if (name === 'SYSLOG ACCESS') changes.syslogUnrestricted = value === 'unrestricted';
    else if (name === 'SESSION TIMEOUT') changes.sessionTimeout = timeout(args);
    else if (name === 'RESET SESSION TIMEOUT') changes.sessionTimeout = undefined;
    else if (name === 'EXTERNALID') changes.externalId = String(args[0]);
    else if (name === 'RESET' || (name === 'SET' && args.length === 2 && args[1] === 'default')) {
      changes.settings = without(value);
    } else if (name === 'SET') {
      changes.settings = { ...without(value), [value]: checked(value, args.slice(1).map(String)) };
    } else throw featureNotSupported(`user option ${name} ${value} is not supported`);
  }
  return { groups, changes };
}

/** ALTER USER knows no IN GROUP. */
export function refuseInGroup(options: readonly CommandOption[]): void {
  const found = options.find((o) => o.name === 'IN GROUP');
  if (found !== undefined) throw grammarError('syntax error at or near "in"', found.pos);
}
function validUntil(text: string, session: Settings): bigint | undefined {
  if (text === 'infinity') return undefined;
  return parseText(
    { name: 'timestamptz' },
    text,
    textSettingsOf((name) => session.setting(name)),
  ) as bigint;
}
