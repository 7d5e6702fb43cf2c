/**
 * What COPY and UNLOAD say of how a statement names itself to AWS.
 */
import { internalError } from './catalogue.ts';
import { make } from './make-error.ts';
import type { SqlError } from './sql-error.ts';

const INVALID =
  "Invalid credentials. Must be of the format: credentials 'aws_iam_role=...' or 'aws_access_key_id=...;aws_secret_access_key=...[;token=...]'";
export const invalidCredentials = make('XX000', () => INVALID);
/** The statement names nobody. */
export const noCredentials = make(
  'XX000',
  () => INVALID,
  "COPY and UNLOAD need an authorization, here as in Amazon Redshift. Any role of a valid form will do: IAM_ROLE default, or IAM_ROLE 'arn:aws:iam::123456789012:role/any'.",
);
/** Files that Redshift Spectrum reads. */
export const columnarNeedsRole = (): SqlError =>
  internalError('COPY from this file format only accepts IAM_ROLE credentials.', 8001, '');
