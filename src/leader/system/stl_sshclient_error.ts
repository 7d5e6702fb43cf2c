/**
 * STL_SSHCLIENT_ERROR: connections of COPY over SSH that failed: hosts that were passed over, and what ended a load.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_sshclient_error',
  schema: 'pg_catalog',
  doc: 'connections of COPY over SSH that failed.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, recordtime timestamp, pid integer,
    ssh_username character(1024), endpoint character(1024), command character(4096), error character(1024)
  `),
  rows: (ctx) =>
    ctx.services.history.read('sshErrors').map((e) => ({
      userid: e.userid,
      query: e.query,
      slice: e.slice,
      recordtime: e.timeMicros,
      pid: e.pid,
      ssh_username: e.username,
      endpoint: e.endpoint,
      command: e.command,
      error: e.error,
    })),
});
