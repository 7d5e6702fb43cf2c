/**
 * STL_CONNECTION_LOG: connections made and ended. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_connection_log',
  schema: 'pg_catalog',
  doc: 'connections made and ended.',
  visibleTo: 'superuser',
  columns: columns(`
    event character(50), recordtime timestamp, remotehost character(45), remoteport character(32),
    pid integer, dbname character(50), username character(50), authmethod character(32),
    duration integer, sslversion character(50), sslcipher character(128), mtu integer,
    sslcompression character(64), sslexpansion character(64), iamauthguid character(36),
    application_name character(250), os_version character(64), driver_version character(64),
    plugin_name character(32), protocol_version integer, sessionid character(36),
    compression character(16)
  `),
  unknown: ['mtu', 'sslcompression', 'sslexpansion', 'iamauthguid', 'compression'],
  rows: (ctx) =>
    ctx.services.history.read('connections').map((c) => ({
      event: c.event,
      recordtime: c.timeMicros,
      remotehost: c.remoteHost,
      remoteport: String(c.remotePort),
      pid: c.pid,
      dbname: c.database,
      username: c.user,
      authmethod: c.authMethod,
      sslversion: c.sslVersion,
      sslcipher: c.sslCipher,
      duration: c.durationMicros,
      application_name: c.applicationName,
      os_version: c.osVersion,
      driver_version: c.driverVersion,
      plugin_name: c.pluginName,
      protocol_version: c.protocolVersion,
      sessionid: c.globalSessionId,
    })),
});
