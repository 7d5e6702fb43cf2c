/**
 * SqlError: an error the user caused or must see. Everything that reaches a client as ErrorResponse is one of these;
 * any other exception is a bug and is reported as XX000 by the session.
 */
export interface SqlErrorFields {
  /** Five-character SQLSTATE. */
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** 1-based character index into the statement text the user sent. */
  readonly position?: number;
  readonly severity?: 'ERROR' | 'FATAL';
}

export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly sqlstate: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly severity: 'ERROR' | 'FATAL';
  position: number | undefined;
  /** Lines that tell what was being run, the innermost first: CONTEXT. */
  context: readonly string[] = [];
  /** What the client is told before the error. */
  notices: readonly Notice[] = [];

  constructor(fields: SqlErrorFields) {
    super(fields.message);
    this.sqlstate = fields.sqlstate;
    this.detail = fields.detail;
    this.hint = fields.hint;
    this.severity = fields.severity ?? 'ERROR';
    this.position = fields.position;
  }
}

/** A message that does not end the statement: NOTICE, INFO or WARNING. */
export interface Notice {
  readonly severity: 'NOTICE' | 'INFO' | 'WARNING';
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}
