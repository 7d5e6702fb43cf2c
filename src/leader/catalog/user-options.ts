/**
 * Options of CREATE USER and ALTER USER beside the password: VALID UNTIL and CONNECTION LIMIT change the user, IN GROUP
 * (CREATE USER only) changes groups, those that ask for what is the case anyway do nothing, the rest is refused.
 */
import { featureNotSupported, grammarError } from '../../common/errors/catalogue.ts';
import { parseText } from '../../types/text.ts';
import type { CommandOption } from '../parser/ast.ts';
import { textSettingsOf } from '../../types/text-settings.ts';
import { requireNamed } from './names.ts';
import type { CatalogSnapshot, GroupObject, UserObject } from './objects.ts';

/** The session's settings, which say how times are read. */
interface Settings {
  setting(name: string): string;
}

const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  'SYSLOG ACCESS': ['restricted'],
  'RESET SESSION TIMEOUT': [''],
};

export interface UserOptions {
  /** Groups the new user joins. */
  readonly groups: readonly GroupObject[];
  readonly changes: Partial<Pick<UserObject, 'validUntilMicros' | 'connectionLimit'>>;
}

export function readUserOptions(
  catalog: CatalogSnapshot,
  options: readonly CommandOption[],
  session: Settings,
): UserOptions {
  const groups: GroupObject[] = [];
  const changes: { validUntilMicros?: bigint; connectionLimit?: number } = {};
  for (const { name, args } of options) {
    const value = String(args[0] ?? '').toLowerCase();
    if (name === 'IN GROUP') groups.push(...args.map((arg) => requireNamed(catalog, 'group', String(arg))));
    else if (name === 'VALID UNTIL') changes.validUntilMicros = validUntil(value, session);
    else if (name === 'CONNECTION LIMIT') changes.connectionLimit = value === 'unlimited' ? undefined : Number(value);
    else if (HARMLESS[name]?.includes(value) !== true) {
      throw featureNotSupported(`user option ${name} ${value} is not supported`);
    }
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
