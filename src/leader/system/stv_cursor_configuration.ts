/** STV_CURSOR_CONFIGURATION: cursors that are open, and the room for results that wait to be fetched. */
import { columns, systemView } from './define.ts';

const MEBIBYTE = 1024 * 1024;

export default systemView({
  name: 'stv_cursor_configuration',
  schema: 'pg_catalog',
  doc: 'cursors that are open, and the room for results that wait to be fetched.',
  visibleTo: 'superuser',
  columns: columns(`
    current_cursor_count integer, max_diskspace_usable integer, current_diskspace_used integer
  `),
  rows: ({ services }) => {
    const { usedBytes, mostBytes } = services.resultRoom;
    return [
      {
        current_cursor_count: services.sessions().reduce((n, s) => n + s.cursors.size, 0),
        max_diskspace_usable: Math.floor(mostBytes / MEBIBYTE),
        current_diskspace_used: Math.ceil(usedBytes / MEBIBYTE),
      },
    ];
  },
});
