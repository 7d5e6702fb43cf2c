/** Bucket policies: what they decide, condition by condition, and what is refused when one is put. */
import { expect, test } from 'vitest';
import { CANONICAL_USER } from '../common/account.ts';
import { decide, isPublic, parsePolicy, type Asked } from './policy.ts';

const ROLE = 'arn:aws:iam::123456789012:role/loader';
const ASKED: Asked = {
  principal: ROLE,
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::b/in/x.csv',
  nowMs: Date.parse('2026-03-01T12:00:00Z'),
  request: {
    's3:prefix': 'in/',
    's3:max-keys': '100',
    'aws:sourceip': '::ffff:10.1.2.3',
    'aws:useragent': 'aws-cli/2.1',
    's3:x-amz-server-side-encryption': 'AES256',
    's3:existingobjecttag/stage': 'raw',
  },
};
const ALLOW = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
const policyOf = (statement: object, Version = '2012-10-17') =>
  parsePolicy(JSON.stringify({ Version, Statement: statement }), 'b');
/** Whether a statement that allows everything but for `more` acts. */
const acts = (more: object, asked: Partial<Asked> = {}): boolean => {
  const statement: Record<string, unknown> = { ...ALLOW, ...more };
  for (const field of ['Principal', 'Action', 'Resource']) if (`Not${field}` in more) delete statement[field];
  return decide(policyOf(statement), { ...ASKED, ...asked }) === 'allow';
};
const holds = (condition: object, asked: Partial<Asked> = {}): boolean => acts({ Condition: condition }, asked);
const refusal = (statement: object): unknown => {
  try {
    return policyOf(statement);
  } catch (error) {
    return error;
  }
};

test('principals, actions and resources, and all but those', () => {
  for (const [more, wanted] of [
    [{ Principal: { AWS: '*' } }, true],
    [{ Principal: { AWS: ROLE } }, true],
    [{ Principal: { AWS: [`${ROLE}2`, ROLE] } }, true],
    [{ Principal: { AWS: '123456789012' } }, true],
    [{ Principal: { AWS: 'arn:aws:iam::123456789012:root' } }, true],
    [{ Principal: { AWS: '210987654321' } }, false],
    [{ Principal: { Service: 'redshift.amazonaws.com' } }, false],
    [{ Principal: { CanonicalUser: CANONICAL_USER } }, false],
    [{ NotPrincipal: { AWS: ROLE } }, false],
    [{ NotPrincipal: { AWS: `${ROLE}2` } }, true],
    [{ Action: 's3:GetObject' }, true],
    [{ Action: 'S3:getobject' }, true],
    [{ Action: ['s3:List*', 's3:Get?bject'] }, true],
    [{ Action: 's3:Put*' }, false],
    [{ NotAction: 's3:Get*' }, false],
    [{ NotAction: ['s3:Put*', 's3:List*'] }, true],
    [{ Resource: 'arn:aws:s3:::b' }, false],
    [{ Resource: 'arn:aws:s3:::b/*' }, true],
    [{ Resource: 'arn:aws:s3:::b/in/?.csv' }, true],
    [{ Resource: 'arn:aws:s3:::b/in/x.cs' }, false],
    [{ Resource: 'arn:aws:s3:::b/IN/*' }, false],
    [{ NotResource: 'arn:aws:s3:::b/in/*' }, false],
    [{ NotResource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/out/*'] }, true],
  ] as [object, boolean][])
    expect(acts(more), JSON.stringify(more)).toBe(wanted);
  const owner = { principal: 'arn:aws:iam::000000000000:root' };
  expect(acts({ Principal: { CanonicalUser: CANONICAL_USER } }, owner)).toBe(true);
  const deny = { ...ALLOW, Effect: 'Deny', Action: 's3:GetObject' };
  expect(decide(policyOf([ALLOW, deny]), ASKED)).toBe('deny');
  expect(decide(policyOf([{ ...ALLOW, Action: 's3:PutObject' }]), ASKED)).toBeUndefined();
});

test('operators of conditions', () => {
  for (const [condition, wanted] of [
    [{ StringEquals: { 's3:prefix': ['out/', 'in/'] } }, true],
    [{ StringEquals: { 's3:prefix': 'In/' } }, false],
    [{ StringEquals: { 's3:prefix': 'in*' } }, false],
    [{ StringNotEquals: { 's3:prefix': ['out/', 'in/'] } }, false],
    [{ StringEqualsIgnoreCase: { 's3:prefix': 'IN/' } }, true],
    [{ StringNotEqualsIgnoreCase: { 's3:prefix': 'IN/' } }, false],
    [{ StringLike: { 's3:prefix': 'i?/*' } }, true],
    [{ StringLike: { 'S3:Prefix': 'I*' } }, false],
    [{ StringNotLike: { 's3:prefix': ['out*', 'tmp*'] } }, true],
    [{ StringEquals: { 's3:delimiter': '/' } }, false],
    [{ StringEqualsIfExists: { 's3:delimiter': '/' } }, true],
    [{ StringLikeIfExists: { 's3:prefix': 'out/*' } }, false],
    [{ StringNotEquals: { 's3:delimiter': '/' } }, true],
    [{ 'ForAnyValue:StringEquals': { 's3:delimiter': '/' } }, false],
    [{ 'ForAllValues:StringEquals': { 's3:delimiter': '/' } }, true],
    [{ 'ForAnyValue:StringLike': { 's3:prefix': ['x', 'in/*'] } }, true],
    [{ NumericLessThanEquals: { 's3:max-keys': '100' } }, true],
    [{ NumericLessThan: { 's3:max-keys': 100 } }, false],
    [{ NumericNotEquals: { 's3:max-keys': [99, 100] } }, false],
    [{ NumericGreaterThanIfExists: { 's3:max-keys': 99.5 } }, true],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-03-01T12:00:01Z' } }, true],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2026-03-02' } }, false],
    [{ DateGreaterThanEquals: { 'aws:EpochTime': '1772366400' } }, true],
    [{ Bool: { 'aws:SecureTransport': true } }, true],
    [{ Bool: { 'aws:SecureTransport': 'False' } }, false],
    [{ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }, true],
    [{ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, false],
    [{ Null: { 's3:delimiter': 'true' } }, true],
    [{ Null: { 's3:prefix': true } }, false],
    [{ Null: { 's3:x-amz-server-side-encryption': 'false' } }, true],
    [{ IpAddress: { 'aws:SourceIp': '10.1.0.0/16' } }, true],
    [{ IpAddress: { 'aws:SourceIp': ['192.168.0.0/16', '2001:db8::/32'] } }, false],
    [{ NotIpAddress: { 'aws:SourceIp': '10.1.2.3' } }, false],
    [{ ArnEquals: { 'aws:PrincipalArn': ROLE } }, true],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/lo?der' } }, true],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam*:123456789012:role/loader:x' } }, false],
    [{ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } }, false],
    [{ ArnNotEquals: { 'aws:SourceArn': ROLE } }, true],
  ] as [object, boolean][])
    expect(holds(condition), JSON.stringify(condition)).toBe(wanted);
  // All of them, with any value of each.
  expect(holds({ StringLike: { 's3:prefix': 'in*' }, Bool: { 'aws:SecureTransport': 'false' } })).toBe(false);
  expect(holds({ StringLike: { 's3:prefix': 'in*', 'aws:UserAgent': 'aws-cli/*' } })).toBe(true);
  const v6 = { request: { 'aws:sourceip': '2001:db8::7' } };
  expect(holds({ IpAddress: { 'aws:SourceIp': '2001:DB8::/32' } }, v6)).toBe(true);
  expect(holds({ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, v6)).toBe(false);
});

test('who asks, from where, and what the object is', () => {
  const anonymous = { principal: 'anonymous' };
  const user = { principal: 'arn:aws:iam::123456789012:user/team/ann' };
  expect(holds({ StringEquals: { 'aws:PrincipalAccount': '123456789012' } })).toBe(true);
  expect(holds({ StringEquals: { 'aws:PrincipalAccount': '123456789012' } }, anonymous)).toBe(false);
  expect(holds({ StringEquals: { 'aws:PrincipalType': 'Anonymous' } }, anonymous)).toBe(true);
  expect(holds({ StringEquals: { 'aws:PrincipalType': 'AssumedRole' } })).toBe(true);
  expect(holds({ StringEquals: { 'aws:username': 'ann' } }, user)).toBe(true);
  expect(holds({ StringEquals: { 'aws:ResourceAccount': '000000000000' } })).toBe(true);
  expect(holds({ StringEquals: { 's3:ExistingObjectTag/Stage': 'raw' } })).toBe(true);
  expect(holds({ StringEquals: { 's3:ExistingObjectTag/owner': 'raw' } })).toBe(false);
  expect(holds({ StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } })).toBe(true);
  expect(holds({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })).toBe(false);
});

test('variables stand for values of the request, as they are', () => {
  const user = { principal: 'arn:aws:iam::123456789012:user/ann.b' };
  const home = { Resource: 'arn:aws:s3:::b/home/${aws:username}/*' };
  expect(acts(home, { ...user, resource: 'arn:aws:s3:::b/home/ann.b/x' })).toBe(true);
  expect(acts(home, { ...user, resource: 'arn:aws:s3:::b/home/annxb/x' })).toBe(false);
  expect(acts(home, { resource: 'arn:aws:s3:::b/home/${aws:username}/x' })).toBe(false);
  const prefix = { StringLike: { 's3:prefix': "${aws:username, 'in'}/*" } };
  expect(holds(prefix)).toBe(true);
  expect(holds(prefix, user)).toBe(false);
  expect(holds({ StringLike: { 's3:prefix': 'in${*}' } })).toBe(false);
  const older = policyOf({ ...ALLOW, Resource: 'arn:aws:s3:::b/${aws:username}' }, '2008-10-17');
  expect(decide(older, { ...ASKED, ...user, resource: 'arn:aws:s3:::b/ann.b' })).toBeUndefined();
});

test('a clause that could not act is refused', () => {
  for (const [statement, message] of [
    [
      { ...ALLOW, Condition: { StringEquals: { 's3:Nonsense': 'x' } } },
      'Policy has an invalid condition key: s3:Nonsense',
    ],
    [
      { ...ALLOW, Condition: { StringEquals: { 'aws:userid': 'x' } } },
      'Policy has an invalid condition key: aws:userid',
    ],
    [{ ...ALLOW, Condition: { Resembles: { 's3:prefix': 'x' } } }, 'Invalid Condition type : Resembles'],
    [{ ...ALLOW, Condition: { NullIfExists: { 's3:prefix': 'true' } } }, 'Invalid Condition type : NullIfExists'],
    [
      { ...ALLOW, Condition: { StringLikeIgnoreCase: { 's3:prefix': 'x' } } },
      'Invalid Condition type : StringLikeIgnoreCase',
    ],
    [
      { ...ALLOW, Condition: { DateNotLessThan: { 'aws:CurrentTime': '2026-01-01' } } },
      'Invalid Condition type : DateNotLessThan',
    ],
    [
      { ...ALLOW, Condition: { IpAddress: { 'aws:SourceIp': '10.1.2.300' } } },
      'Invalid value in conditions: 10.1.2.300',
    ],
    [
      { ...ALLOW, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } } },
      'Invalid value in conditions: 10.0.0.0/33',
    ],
    [{ ...ALLOW, Condition: { DateLessThan: { 'aws:CurrentTime': 'soon' } } }, 'Invalid value in conditions: soon'],
    [{ ...ALLOW, Condition: { NumericEquals: { 's3:max-keys': 'many' } } }, 'Invalid value in conditions: many'],
    [{ ...ALLOW, Condition: { Bool: { 'aws:SecureTransport': 'yes' } } }, 'Invalid value in conditions: yes'],
    [{ ...ALLOW, Condition: { ArnLike: { 'aws:PrincipalArn': '*' } } }, 'Invalid value in conditions: *'],
    [{ ...ALLOW, Condition: { StringEquals: { 's3:prefix': {} } } }, 'Invalid policy syntax.'],
    [{ ...ALLOW, Condition: { StringEquals: { 's3:prefix': [] } } }, 'Invalid policy syntax.'],
    [{ ...ALLOW, Condition: [] }, 'Invalid policy syntax.'],
    [{ ...ALLOW, Conditions: {} }, 'Unknown field Conditions'],
    [{ ...ALLOW, NotAction: 's3:GetObject' }, 'A statement has Action or NotAction, not both'],
    [{ ...ALLOW, Principal: undefined }, 'Missing required field Principal'],
    [{ ...ALLOW, Principal: { AWS: 'ann' } }, 'Invalid principal in policy'],
    [{ ...ALLOW, Principal: { AWS: 'arn:aws:iam::123456789012:role/*' } }, 'Invalid principal in policy'],
    [{ ...ALLOW, Principal: { Person: 'ann' } }, 'Invalid principal in policy'],
    [{ ...ALLOW, Resource: 'arn:aws:s3:::b/${aws:mood}' }, 'Policy has an invalid variable: ${aws:mood}'],
    [{ ...ALLOW, Resource: 'arn:aws:s3:::other/*' }, 'Policy has invalid resource'],
    [{ ...ALLOW, Action: 'ec2:RunInstances' }, 'Policy has invalid action'],
  ] as [object, string][])
    expect(refusal(statement), message).toMatchObject({ code: 'MalformedPolicy', status: 400, message });
  for (const text of [
    '',
    '[]',
    'null',
    '"x"',
    '{"Statement":[],"Version":"2012-10-17"}',
    '{"Statement":{},"Conditions":1}',
  ])
    expect(() => parsePolicy(text, 'b'), text).toThrow();
});

test('what is public', () => {
  const at = (Condition: object): boolean => isPublic(policyOf({ ...ALLOW, Condition }));
  expect(isPublic(policyOf(ALLOW))).toBe(true);
  expect(isPublic(policyOf({ ...ALLOW, Effect: 'Deny' }))).toBe(false);
  expect(isPublic(policyOf({ ...ALLOW, Principal: { AWS: ROLE } }))).toBe(false);
  const { Principal: _, ...rest } = ALLOW;
  expect(isPublic(policyOf({ ...rest, NotPrincipal: { AWS: ROLE } }))).toBe(true);
  expect(at({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })).toBe(false);
  expect(at({ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } })).toBe(true);
  expect(at({ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })).toBe(true);
  expect(at({ StringEquals: { 'aws:SourceVpce': 'vpce-1' } })).toBe(false);
  expect(at({ StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } })).toBe(true);
  expect(at({ StringLike: { 'aws:PrincipalOrgID': 'o-*' } })).toBe(true);
  expect(at({ StringEquals: { 's3:prefix': 'in/' } })).toBe(true);
});
