/**
 * STL_S3CLIENT: transfers of objects: GET for each file, or range of one, that a slice read for COPY, PUT for each that UNLOAD
 * wrote. Retries and request ids are an endpoint's (`--s3-endpoint`); folders have none. Columns nobody measures here are
 * NULL and listed in `unknown`.
 */
import { Sequence } from '../../common/sequence.ts';
import type { FileScanRecord, UnloadRecord } from '../history/types.ts';
import { columns, systemView, type SystemRow } from './define.ts';

const get = (f: FileScanRecord): SystemRow => ({
  userid: f.userid,
  query: f.query,
  slice: f.slice,
  recordtime: f.endMicros,
  pid: f.pid,
  http_method: 'GET',
  bucket: f.bucket,
  key: f.key,
  transfer_size: f.objectBytes,
  data_size: f.bytes,
  start_time: f.startMicros,
  end_time: f.endMicros,
  transfer_time: f.transferMicros ?? null,
  compression_time: f.unpackMicros ?? null,
  retries: f.retries ?? null,
  request_id: f.requestId ?? null,
  extended_request_id: f.extendedRequestId ?? null,
  is_partial: Number(f.isPartial),
  start_offset: f.startOffset,
});
const put = (u: UnloadRecord): SystemRow => {
  const path = u.path.slice('s3://'.length);
  const slash = path.indexOf('/');
  return {
    userid: u.userid,
    query: u.query,
    slice: u.slice,
    recordtime: u.endMicros,
    pid: u.pid ?? null,
    http_method: 'PUT',
    bucket: path.slice(0, slash),
    key: path.slice(slash + 1),
    transfer_size: u.bytes,
    data_size: u.textBytes ?? null,
    start_time: u.startMicros,
    end_time: u.endMicros,
    transfer_time: u.transferMicros ?? null,
    compression_time: u.packMicros ?? null,
    retries: u.retries ?? null,
    request_id: u.requestId ?? null,
    extended_request_id: u.extendedRequestId ?? null,
    is_partial: 0,
    start_offset: 0,
  };
};

export default systemView({
  name: 'stl_s3client',
  schema: 'pg_catalog',
  doc: 'transfers of objects by COPY and UNLOAD.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, recordtime timestamp, pid integer, http_method character(64),
    bucket character(64), key character(256), transfer_size bigint, data_size bigint, start_time bigint,
    end_time bigint, transfer_time bigint, compression_time bigint, connect_time bigint, app_connect_time bigint,
    retries bigint, request_id character(32), extended_request_id character(128), ip_address character(64),
    is_partial integer, start_offset bigint, query_uuid character(36)
  `),
  unknown: ['connect_time', 'app_connect_time', 'ip_address', 'query_uuid'],
  rows: (ctx) => {
    const { history } = ctx.services;
    return new Sequence(function* () {
      for (const f of history.read('fileScans')) if (f.source === undefined) yield get(f);
      for (const u of history.read('unloads')) yield put(u);
    });
  },
});
