/**
 * SYS_CONNECTION_LOG: connections made and ended. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'sys_connection_log',
  schema: 'pg_catalog',
  doc: 'connections made and ended.',
  visibleTo: 'superuser',
  columns: columns(`
    event character(50), record_time timestamp, remote_host character(45), remote_port character(32),
    session_id integer, database_name character(50), user_name character(50), auth_method character(32),
    duration integer, ssl_version character(50), ssl_cipher character(128), mtu integer,
    ssl_compression character(64), ssl_expansion character(64), iam_auth_guid character(36),
    application_name character(250), driver_version character(64), os_version character(64),
    plugin_name character(32), protocol_version integer, global_session_id character(36)
  `),
  unknown: ['mtu', 'ssl_compression', 'ssl_expansion', 'iam_auth_guid'],
  rows: (ctx) =>
    ctx.services.history.read('connections').map((c) => ({
      event: c.event,
      record_time: c.timeMicros,
      remote_host: c.remoteHost,
      remote_port: String(c.remotePort),
      session_id: c.pid,
      database_name: c.database,
      user_name: c.user,
      auth_method: c.authMethod,
      ssl_version: c.sslVersion,
      ssl_cipher: c.sslCipher,
      duration: c.durationMicros,
      application_name: c.applicationName,
      driver_version: c.driverVersion,
      os_version: c.osVersion,
      plugin_name: c.pluginName,
      protocol_version: c.protocolVersion,
      global_session_id: c.globalSessionId,
    })),
});
