/**
 * The AWS account and region as which this machine appears: every bucket, key and user is of one account, and `IAM_ROLE default`
 * is a role of it.
 */
export const ACCOUNT = '000000000000';
/** The account as access control lists and policies may name it. */
export const CANONICAL_USER = '5c3d1d7f0a6b4e2f9c8b7a6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f';
/** The region in which a cluster is when nobody says another, and where S3 makes buckets that name none. */
export const DEFAULT_REGION = 'us-east-1';
/** What `default` stands for in COPY and UNLOAD, and what default_iam_role() says. */
export const DEFAULT_ROLE = `arn:aws:iam::${ACCOUNT}:role/slicehouse-default`;
export const isRegion = (text: string): boolean => /^[a-z]{2}(-[a-z]+)+-\d+$/.test(text);
