/** COPY's parameters: meaning, conflicts, what is refused, and that keys never show. */
import { expect, test } from 'vitest';
import { DEFAULT_ROLE } from '../../common/account.ts';
import type { CommandOption } from '../parser/ast.ts';
import { maskCredentials } from '../parser/mask-credentials.ts';
import type { TextFormat } from '../../formats/text/text-format.ts';
import type { TextLoadOptions } from '../../formats/text/text-load.ts';
import { COLUMNAR_OPTIONS, COPY_OPTIONS } from './option-table.ts';
import { copyOptions as optionsOf } from './options.ts';
import { unloadOptions } from '../unload/options.ts';

const opt = (name: string, ...args: (string | number | boolean)[]): CommandOption => ({ name, args, pos: 10 });
const INVALID =
  "Invalid credentials. Must be of the format: credentials 'aws_iam_role=...' or 'aws_access_key_id=...;aws_secret_access_key=...[;token=...]'";
const AUTHORISATION = ['IAM_ROLE', 'CREDENTIALS', 'ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN'];
/** With IAM_ROLE default, when nothing else says who loads. */
const copyOptions = (written: readonly CommandOption[], from = 's3://b/k'): ReturnType<typeof optionsOf> => {
  const isAuthorised = written.some((o) => AUTHORISATION.includes(o.name));
  return optionsOf(isAuthorised ? written : [...written, opt('IAM_ROLE', 'default')], from);
};
const textOf = (...options: CommandOption[]): TextFormat =>
  (copyOptions(options).format.options as TextLoadOptions).text;
const fails = (...options: CommandOption[]): { sqlstate: string; message: string } => {
  try {
    copyOptions(options);
  } catch (e) {
    return e as { sqlstate: string; message: string };
  }
  throw new TypeError('no error');
};

test('defaults and plain values', () => {
  expect(copyOptions([])).toMatchObject({
    format: {
      name: 'delimited',
      options: { text: { kind: 'delimited', delimiter: 124, nullText: '\\N', escape: false } },
    },
    compression: 'none',
    maxError: 0,
    compUpdate: 'default',
    statUpdate: 'default',
    credentials: { kind: 'role', arn: DEFAULT_ROLE },
  });
  expect(
    copyOptions([
      opt('FORMAT', 'CSV'),
      opt('QUOTE', '%'),
      opt('IGNOREHEADER', 1),
      opt('GZIP'),
      opt('NULL', ''),
      opt('COMPUPDATE', false),
      opt('STATUPDATE'),
      opt('MAXERROR', 5),
    ]),
  ).toMatchObject({
    format: {
      name: 'csv',
      options: { text: { kind: 'csv', delimiter: 44, quote: 37, ignoreHeader: 1, nullText: '' } },
    },
    compression: 'gzip',
    compUpdate: 'off',
    statUpdate: 'on',
    maxError: 5,
  });
  expect(textOf(opt('DELIMITER', '\\t')).delimiter).toBe(9);
  expect(textOf(opt('DELIMITER', '\\001')).delimiter).toBe(1);
  expect(textOf(opt('ACCEPTINVCHARS')).acceptInvChars).toBe(63);
  expect(textOf(opt('NULL', '\\0')).nullText).toBe('\0');
  expect(copyOptions([opt('COMPUPDATE', 'preset'), opt('TIMEFORMAT', 'auto')])).toMatchObject({
    compUpdate: 'preset',
    conversion: { timeFormat: 'auto' },
  });
});
test('conflicts and bad values', () => {
  expect(fails(opt('CSV'), opt('ESCAPE'))).toMatchObject({
    sqlstate: '42601',
    message: 'CSV is not compatible with ESCAPE',
  });
  expect(fails(opt('CSV'), opt('FORMAT', 'CSV'))).toMatchObject({
    message: 'conflicting or redundant options',
    position: 11,
  });
  expect(fails(opt('QUOTE', '"'))).toMatchObject({ message: 'QUOTE needs CSV' });
  expect(fails(opt('MAXERROR', 100001)).message).toMatch(/MAXERROR: must be an integer from 0 to 100000/);
  expect(fails(opt('MAXERROR', 1), opt('IGNOREALLERRORS')).message).toBe(
    "IGNOREALLERRORS and MAXERROR can't be used together",
  );
  expect(fails(opt('DELIMITER', 'é')).sqlstate).toBe('22023');
  expect(fails(opt('NULL', '\n')).sqlstate).toBe('22023');
  expect(fails(opt('DATEFORMAT', 'quarter')).message).toBe('Invalid value for DATEFORMAT: "quarter"');
  expect(fails(opt('ADDQUOTES'))).toMatchObject({ sqlstate: '42601', message: 'ADDQUOTES is not an option of COPY' });
  expect(fails(opt('ENCODING', 'utf7')).sqlstate).toBe('22023');
});
test('every parameter is either read or refused by name', () => {
  for (const spec of COPY_OPTIONS) {
    if (spec.supported === true) continue;
    expect(fails(opt(spec.name)), spec.name).toMatchObject({ sqlstate: '0A000', message: spec.supported });
  }
  expect(copyOptions([opt('FORMAT', 'SHAPEFILE'), opt('SIMPLIFY', 'auto')]).format.name).toBe('shapefile');
  for (const spec of COPY_OPTIONS) {
    if (spec.supported !== true || COLUMNAR_OPTIONS.has(spec.name)) continue;
    const argument =
      spec.argument.kind === 'integer' ? spec.argument.high : spec.argument.kind === 'text' ? 'x' : undefined;
    const option =
      spec.argument.kind === 'char'
        ? opt(spec.name, 'x')
        : opt(spec.name, ...(argument === undefined ? [] : [argument]));
    expect(fails(opt('FORMAT', 'PARQUET'), option), spec.name).toMatchObject({
      sqlstate: spec.needs || spec.conflicts?.includes('PARQUET') ? '42601' : '0A000',
    });
  }
  expect(copyOptions([opt('FORMAT', 'PARQUET'), opt('ACCEPTINVCHARS'), opt('FILLRECORD')])).toMatchObject({
    format: { name: 'parquet', options: { fillRecord: true, acceptInvChars: 63, serializeToJson: false } },
    compUpdate: 'off',
  });
});
test('credentials in their three forms', () => {
  const arn = 'arn:aws:iam::123456789012:role/loader';
  expect(copyOptions([opt('IAM_ROLE', 'default')]).credentials).toEqual({ kind: 'role', arn: DEFAULT_ROLE });
  expect(copyOptions([opt('IAM_ROLE', 'SESSION')]).credentials).toEqual({ kind: 'session' });
  expect(copyOptions([opt('IAM_ROLE', `${arn},${arn}2`)]).credentials).toEqual({
    kind: 'role',
    arn: `${arn},${arn}2`,
  });
  expect(copyOptions([opt('CREDENTIALS', `aws_iam_role=${arn}`)]).credentials).toEqual({ kind: 'role', arn });
  expect(
    copyOptions([opt('CREDENTIALS', 'aws_access_key_id=K;aws_secret_access_key=S;token=T')]).credentials,
  ).toEqual({ kind: 'keys', accessKeyId: 'K', secretAccessKey: 'S', sessionToken: 'T' });
  expect(copyOptions([opt('ACCESS_KEY_ID', 'K'), opt('SECRET_ACCESS_KEY', 'S')]).credentials).toMatchObject({
    kind: 'keys',
    accessKeyId: 'K',
  });
  for (const bad of [
    '',
    'aws_access_key_id=K',
    'nonsense',
    'aws_access_key_id=K; aws_secret_access_key=S',
    'aws_access_key_id=K;aws_secret_access_key=',
    'aws_access_key_id=K;aws_secret_access_key=S;token=',
    'aws_access_key_id=K;aws_access_key_id=K;aws_secret_access_key=S',
    `aws_iam_role=${arn};aws_access_key_id=K;aws_secret_access_key=S`,
    `aws_iam_role=${arn};token=T`,
    'token=T',
    'aws_iam_role=nope',
    'aws_iam_role=',
  ]) {
    expect(fails(opt('CREDENTIALS', bad)), bad).toMatchObject({ sqlstate: 'XX000', message: INVALID });
  }
  for (const bad of [
    '',
    'x',
    'defaults',
    'arn:aws:iam::123456789012:user/loader',
    'arn:aws:iam::12345:role/loader',
    'arn:aws:iam:us-east-1:123456789012:role/loader',
    'arn:aws:s3::123456789012:role/loader',
    'arn:iam::123456789012:role/loader',
    'arn:aws:iam::123456789012:role/',
    `arn:aws:iam::123456789012:role/${'x'.repeat(65)}`,
    'arn:aws:iam::123456789012:role/a b',
    ` ${arn}`,
    `${arn}, ${arn}`,
    Array.from({ length: 11 }, () => arn).join(','),
  ]) {
    expect(fails(opt('IAM_ROLE', bad)), bad).toMatchObject({ sqlstate: 'XX000', message: INVALID });
  }
  for (const good of [
    'arn:aws-cn:iam::123456789012:role/loader',
    'arn:aws-us-gov:iam::123456789012:role/service-role/a/b+=,.@-_',
    Array.from({ length: 10 }, () => arn).join(','),
  ])
    expect(copyOptions([opt('IAM_ROLE', good)]).credentials).toEqual({ kind: 'role', arn: good });
  for (const [id, secret] of [
    ['', 'S'],
    ['K', ''],
    ['K', 'S '],
    ['a b', 'S'],
  ])
    expect(fails(opt('ACCESS_KEY_ID', id!), opt('SECRET_ACCESS_KEY', secret!)).message).toBe(INVALID);
  expect(fails(opt('IAM_ROLE', arn), opt('ACCESS_KEY_ID', 'K'), opt('SECRET_ACCESS_KEY', 'S')).message).toBe(
    'IAM_ROLE is not compatible with ACCESS_KEY_ID',
  );
  expect(fails(opt('ACCESS_KEY_ID', 'K')).message).toBe('ACCESS_KEY_ID needs SECRET_ACCESS_KEY');
  expect(fails(opt('SESSION_TOKEN', 'T')).message).toBe('SESSION_TOKEN needs ACCESS_KEY_ID');
  expect(fails(opt('IAM_ROLE', arn), opt('SESSION_TOKEN', 'T')).message).toBe(
    'IAM_ROLE is not compatible with SESSION_TOKEN',
  );
  expect(fails(opt('CREDENTIALS', 'x'), opt('ACCESS_KEY_ID', 'K'), opt('SECRET_ACCESS_KEY', 'S')).message).toBe(
    'CREDENTIALS is not compatible with ACCESS_KEY_ID',
  );
  for (const format of ['PARQUET', 'ORC'])
    expect(fails(opt('FORMAT', format), opt('ACCESS_KEY_ID', 'K'), opt('SECRET_ACCESS_KEY', 'S'))).toMatchObject({
      sqlstate: 'XX000',
      message: 'COPY from this file format only accepts IAM_ROLE credentials.',
    });
});
test('nobody loads or unloads without an authorisation', () => {
  const refused = { sqlstate: 'XX000', message: INVALID, hint: expect.stringMatching(/IAM_ROLE default/) as string };
  const error = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (e) {
      return e;
    }
  };
  for (const [from, ...options] of [
    ['s3://b/k'],
    ['s3://b/k', opt('CSV'), opt('GZIP')],
    ['s3://b/k', opt('FORMAT', 'PARQUET')],
    ['s3://b/k', opt('MANIFEST')],
    ['s3://b/k', opt('SSH')],
    ['dynamodb://t', opt('READRATIO', 50)],
    ['s3://b/k', opt('ENCRYPTED'), opt('MASTER_SYMMETRIC_KEY', Buffer.alloc(32).toString('base64'))],
  ] as [string, ...CommandOption[]][])
    expect(
      error(() => optionsOf(options, from)),
      from,
    ).toMatchObject(refused);
  for (const options of [[], [opt('PARQUET')], [opt('CSV'), opt('HEADER')]])
    expect(error(() => unloadOptions(options))).toMatchObject(refused);
});
test('no key survives masking, however it is written', () => {
  const texts = [
    `copy t from 's3://b/k' access_key_id 'AKIASECRET' secret_access_key 'TOPSECRET' session_token 'SECRETTOKEN' csv`,
    `COPY t FROM 's3://b/k' WITH ACCESS_KEY_ID AS 'AKIASECRET' SECRET_ACCESS_KEY\nAS -- note\n 'TOP''SECRET\\'SECRET' CSV`,
    `copy t from 's3://b/k' credentials 'aws_access_key_id=AKIASECRET;aws_secret_access_key=TOPSECRET;token=SECRETTOKEN'`,
    `copy t from 's3://b/k' CREDENTIALS/* x */AS E'aws_access_key_id=AKIASECRET;aws_secret_access_key=TOPSECRET'`,
    `copy t from 's3://b/k' credentials $k$aws_access_key_id=AKIASECRET;aws_secret_access_key=TOPSECRET$k$ csv`,
    `copy t from 's3://b/k' credentials 'aws_access_key_id=AKIASECRET;aws_secret_access_key=TOPSECRET`,
    `unload ('select 1') to 's3://b/' master_symmetric_key 'TOPSECRET'`,
    `create user somebody password/**/'TOPSECRET'`,
    `alter user somebody PASSWORD E'TOP''SECRET' valid until 'infinity'`,
    `create user somebody password = 'TOPSECRET'`,
    `create user somebody with createdb password "TOPSECRET"`,
    `alter user somebody password as 'TOPSECRET' rename`,
    `select 1; alter user u password 'A' password 'TOPSECRET'`,
    `alter user somebody password $$TOPSECRET$$`,
    `alter user somebody password 'TOPSECRET`,
  ];
  for (const text of texts) {
    const masked = maskCredentials(text);
    expect(masked, text).not.toMatch(/SECRET(?!_ACCESS_KEY)|AKIA/);
    expect(masked.slice(0, 20)).toBe(text.slice(0, 20));
  }
  for (let cut = 0; cut < 60; cut++) {
    const long = `${' '.repeat(2 * 65_535 - cut)}create user somebody password 'TOPSECRET'`;
    expect(maskCredentials(long)).not.toMatch(/TOP|SECRET/);
  }
  expect(maskCredentials(texts[0]!)).toMatch(/csv$/);
  const role = `copy t from 's3://b' credentials 'aws_iam_role=arn:aws:iam::123456789012:role/x' csv`;
  expect(maskCredentials(role)).toBe(role);
});
test('what goes with a source', () => {
  const of = (from: string, ...options: CommandOption[]): unknown => {
    try {
      return copyOptions(options, from).source;
    } catch (e) {
      return (e as { sqlstate: string }).sqlstate;
    }
  };
  expect(of('s3://b/k')).toBe('s3');
  expect(of('dynamodb://t', opt('READRATIO', 50), opt('MAXERROR', 3), opt('TRIMBLANKS'))).toBe('dynamodb');
  expect(of('DynamoDB://t')).toBe('42601');
  expect(of('s3://b/k', opt('READRATIO', 50))).toBe('0A000');
  expect(of('dynamodb://t', opt('READRATIO', 50), opt('CSV'))).toBe('0A000');
  expect(of('s3://b/k', opt('SSH'), opt('CSV'), opt('GZIP'))).toBe('ssh');
  for (const option of ['MANIFEST', 'ZSTD', 'PARQUET', 'SHAPEFILE'])
    expect(of('s3://b/k', opt('SSH'), opt(option))).toBe('0A000');
  expect(of('emr://j/x')).toBe('0A000');
});
