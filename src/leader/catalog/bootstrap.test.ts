/**
 * A data directory from before there were roles and languages opens with them; one that has changed them keeps its own.
 */
import { expect, it } from 'vitest';
import { bootstrapCatalog, DEFAULT_BOOTSTRAP, DEFAULT_DATABASE_OID, withBuiltins } from './bootstrap.ts';
import { applyChanges, stateAsChanges } from './catalog.ts';
import { CLUSTER, putChange } from './changes.ts';
import { classIn, EMPTY_CATALOG } from './state.ts';

it('what every warehouse has is there again, and what was given of it stays', () => {
  const whole = bootstrapCatalog(DEFAULT_BOOTSTRAP);
  const isOld = (kind: string): boolean => !['role', 'language'].includes(kind);
  const before = stateAsChanges(whole).filter((c) => c.kind === 'put-object' && isOld(c.object.kind));
  const old = applyChanges(EMPTY_CATALOG, before);
  expect(classIn(old, 'role').objects.size).toBe(0);
  const opened = withBuiltins(old);
  expect(classIn(opened, 'role').objects).toEqual(classIn(whole, 'role').objects);
  expect(classIn(opened, 'language', DEFAULT_DATABASE_OID).objects).toEqual(
    classIn(whole, 'language', DEFAULT_DATABASE_OID).objects,
  );
  const [role] = classIn(opened, 'role').objects.values();
  const given = { ...role!, members: [{ grantee: 100, grantor: 100, admin: true }] };
  const changed = applyChanges(opened, [putChange(CLUSTER, given)]);
  expect(withBuiltins(changed)).toBe(changed);
});
