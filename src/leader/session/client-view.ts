/**
 * What a session's settings make of what its client is sent: column names in upper case
 * (describe_field_name_in_uppercase) and notices from a level on (client_min_messages). INFO is always sent, as
 * PostgreSQL does: it answers what the client asked for. Used by session.ts.
 */
import type { Notice } from '../../common/errors/sql-error.ts';
import type { FieldDescription, ResultSink } from '../../common/sql-service.ts';

type Setting = (name: string) => string;
type Fields = readonly FieldDescription[];

/** Levels that keep notices, or notices and warnings, from the client. */
const ABOVE_NOTICE = ['warning', 'error', 'fatal', 'panic'];
const ABOVE_WARNING = ['error', 'fatal', 'panic'];

function isSent(notice: Notice, least: string): boolean {
  if (notice.severity === 'INFO') return true;
  return !(notice.severity === 'NOTICE' ? ABOVE_NOTICE : ABOVE_WARNING).includes(least);
}

export function shownFields(fields: Fields | null, setting: Setting): Fields | null {
  if (fields === null || setting('describe_field_name_in_uppercase') !== 'on') return fields;
  return fields.map((f) => ({ ...f, name: f.name.toUpperCase() }));
}

export const forClient = (sink: ResultSink, setting: Setting): ResultSink => ({
  rowDescription: (fields, formats) => sink.rowDescription(shownFields(fields, setting) ?? fields, formats),
  rows: (chunk, rowCount) => sink.rows(chunk, rowCount),
  commandComplete: (tag) => sink.commandComplete(tag),
  emptyQuery: () => sink.emptyQuery(),
  portalSuspended: () => sink.portalSuspended(),
  notice: (notice) => {
    if (isSent(notice, setting('client_min_messages'))) sink.notice(notice);
  },
  parameterStatus: (name, value) => sink.parameterStatus(name, value),
});
