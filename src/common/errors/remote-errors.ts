/**
 * What COPY says of its other sources: DynamoDB tables and hosts behind SSH.
 */
import { internalError } from './catalogue.ts';
import { make } from './make-error.ts';
import type { SqlError } from './sql-error.ts';

export const optionNotOfSource = make(
  '0A000',
  (option, source) => `${option} argument is not supported for COPY from ${source}`,
);
export const sourceNeedsOption = make('42601', (source, option) => `COPY from ${source} needs ${option}`);

export const dynamoTableName = make(
  '22023',
  (url) => `"${url}" does not name a DynamoDB table: dynamodb:// and 3 to 255 letters, digits, _, - and . are needed`,
);
export const dynamoNotConfigured = make(
  '0A000',
  () => 'COPY from DynamoDB needs an endpoint, and the server was started without one',
  'Start the server with --dynamodb-endpoint URL (or SLICEHOUSE_DYNAMODB_ENDPOINT, or AWS_ENDPOINT_URL_DYNAMODB): https://dynamodb.us-east-1.amazonaws.com, or another server that speaks DynamoDB.',
);
export const dynamoEndpoint = make(
  '22023',
  (url) => `the DynamoDB endpoint "${url}" is not an http or https address`,
);
export const dynamoNoTable = (table: string): SqlError =>
  internalError(`The DynamoDB table '${table}' does not exist`, 8001, `DynamoDB table being read : ${table}`);
export const dynamoNotActive = (table: string, state: string): SqlError =>
  internalError(`The DynamoDB table '${table}' is ${state}`, 8001, `DynamoDB table being read : ${table}`);
/** DynamoDB said no, or nothing. */
export const dynamoFailed = (table: string, message: string, status: number, code: string): SqlError =>
  internalError(
    `DynamoDBServiceException:${message},Status ${status},Error ${code}`,
    8001,
    `DynamoDB table being read : ${table}`,
  );

export const sshFailed = (name: string, why: string): SqlError =>
  internalError(`SSH connection ${name} failed: ${why}`, 8001, 'stl_sshclient_error has the command');
export const sshNoConnection = (why: string): SqlError =>
  internalError(`No connection could be made to any host of the SSH manifest: ${why}`, 8001, 'SSH');
export const sshHostNotAllowed = make(
  '42501',
  (host) => `connections to host "${host}" are not allowed`,
  'Start the server with --ssh-hosts and its name: COPY goes to this machine over SSH, and to hosts that are named.',
);
export const sshHostKeyType = make(
  '0A000',
  (entry, types) => `the public key of ${entry} is of no type that is supported: ${types}`,
);
export const clusterKeyUnusable = make('58030', (file, what) => `the cluster's key ${file} cannot be used: ${what}`);
