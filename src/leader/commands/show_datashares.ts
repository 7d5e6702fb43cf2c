/** SHOW DATASHARES [LIKE p]: shares of the user, and those that databases here were made from. */
import { formatText } from '../../types/text.ts';
import { shareRows } from '../catalog/datashare-rows.ts';
import { recorded } from './recorded-command.ts';
import { likeTest } from './show_objects.ts';

export const SHOW_DATASHARES_COLUMNS: readonly string[] = [
  'share_name',
  'share_owner',
  'source_database',
  'consumer_database',
  'share_type',
  'createdate',
  'is_publicaccessible',
  'share_acl',
  'producer_account',
  'producer_namespace',
];

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
    return { tag: 'SHOW', rows: { columns: SHOW_DATASHARES_COLUMNS, rows } };
  },
});
