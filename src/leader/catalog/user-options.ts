/**
 * Options of CREATE USER and ALTER USER beside the password. Those that ask for nothing special are accepted,
 * IN GROUP is carried out, the rest is refused.
 */
import { featureNotSupported, undefinedGroup } from '../../common/errors/catalogue.ts';
import type { CommandOption } from '../parser/ast.ts';
import type { CatalogSnapshot, GroupObject } from './objects.ts';

const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  'CONNECTION LIMIT': ['unlimited'],
  'VALID UNTIL': ['infinity'],
  'SYSLOG ACCESS': ['restricted'],
  'RESET SESSION TIMEOUT': [''],
};

/** Groups the new user joins. */
export function groupsOf(catalog: CatalogSnapshot, options: readonly CommandOption[]): readonly GroupObject[] {
  return options.flatMap(({ name, args }) => {
    if (name === 'IN GROUP') {
      return args.map((arg) => {
        const group = catalog.groups().find((g) => g.name === String(arg));
        if (group === undefined) throw undefinedGroup(String(arg));
        return group;
      });
    }
    const value = String(args[0] ?? '').toLowerCase();
    if (HARMLESS[name]?.includes(value) !== true) {
      throw featureNotSupported(`user option ${name} ${value} is not supported`);
    }
    return [];
  });
}
