/** Languages of functions and procedures. */
import { duplicateLanguage, undefinedLanguage } from '../../../common/errors/privilege-errors.ts';
import type { LanguageObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

/** Everybody may use these from the start. */
const OPEN = ['sql', 'plpgsql'];

export const language: ObjectClass<LanguageObject> = {
  kinds: { language: {} },
  noun: 'language',
  uniqueIn: 'database',
  catalog: { name: 'pg_language', oid: 2612 },
  owned: true,
  privileges: {
    on: 'language',
    letters: { USAGE: 'U' },
    initial: ({ name, ownerOid = 0 }) =>
      OPEN.includes(name) ? [{ grantee: 0, grantor: ownerOid, privileges: 'U' }] : [],
  },
  duplicate: duplicateLanguage,
  missing: undefinedLanguage,
};
