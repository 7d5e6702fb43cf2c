/** DESC DATASHARE: the objects of a share; OF NAMESPACE: of one that comes from there. */
import { noSuchShareHere } from '../../common/errors/datashare-errors.ts';
import { requireNamed } from '../catalog/names.ts';
import { requireOwnerOr } from '../catalog/privileges.ts';
import { objectRows } from '../catalog/datashare-rows.ts';
import { ROW_COLUMNS } from '../ddl/row-columns.ts';
import { recorded } from './recorded-command.ts';

export default recorded('utility', {
  kind: 'desc-datashare',
  doc: 'DESC DATASHARE',
  async run({ services, session, transaction }, { name, namespace }) {
    const catalog = transaction.catalog();
    if (namespace !== undefined && namespace !== services.namespace) throw noSuchShareHere(name, namespace);
    const share = requireNamed(catalog, 'datashare', name);
    if (namespace === undefined) requireOwnerOr(catalog, session.user, share, 'A');
    const type = namespace === undefined ? 'OUTBOUND' : 'INBOUND';
    const rows = objectRows(catalog, share).map((o) => [
      null,
      services.namespace,
      type,
      name,
      o.type,
      o.name,
      o.includeNew === undefined ? null : o.includeNew ? 't' : 'f',
    ]);
    return { tag: 'SHOW', rows: { columns: ROW_COLUMNS['desc-datashare']!, rows } };
  },
});
