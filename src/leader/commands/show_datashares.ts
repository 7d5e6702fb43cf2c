/** SHOW DATASHARES [LIKE p]: shares of the user, and those that databases here were made from. */
import { formatText } from '../../types/text.ts';
import { shareRows } from '../catalog/datashare-rows.ts';
import { ROW_COLUMNS } from '../ddl/row-columns.ts';
import { recorded } from './recorded-command.ts';
import { likeTest } from './show_objects.ts';

export default recorded('utility', {
  kind: 'show-datashares',
  doc: 'SHOW DATASHARES',
  async run({ services, session, transaction }, { like }) {
    const catalog = transaction.catalog();
    const matches = likeTest(like);
    const rows = shareRows(catalog, session.user)
      .filter(({ share }) => matches(share.name))
      .map(({ share, type, source, consumer, owner }) => [
        share.name,
        owner,
        source,
        consumer,
        type,
        formatText({ name: 'timestamp' }, share.createdAtMicros),
        share.isPublic ? 't' : 'f',
        null,
        null,
        services.namespace,
      ]);
    return { tag: 'SHOW', rows: { columns: ROW_COLUMNS['show-datashares']!, rows } };
  },
});
