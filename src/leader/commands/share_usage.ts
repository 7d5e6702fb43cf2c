/** GRANT and REVOKE USAGE ON DATASHARE: which warehouses may make a database from the share. */
import { putObject } from '../catalog/changes.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed } from '../catalog/names.ts';
import { requireOwnerOr } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'share-usage',
  doc: 'GRANT USAGE ON DATASHARE',
  async run({ services, session, transaction }, { name, give, consumers }) {
    transaction.requireXid();
    const share = await lockUses(transaction, () => {
      const catalog = transaction.catalog();
      const found = requireNamed(catalog, 'datashare', name);
      requireOwnerOr(catalog, session.user, found, 'S');
      return { value: found, changes: [found] };
    });
    const isNamed = (id: string): boolean => consumers.some((c) => c.id === id);
    const kept = share.consumers.filter((c) => !isNamed(c.id));
    const sinceMicros = services.clock.nowMicros();
    const added = give ? consumers.map((c) => ({ ...c, sinceMicros })) : [];
    putObject(transaction, { ...share, consumers: [...kept, ...added] });
    return { tag: give ? 'GRANT' : 'REVOKE' };
  },
});
