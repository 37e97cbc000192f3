import type { Migration } from '../../ports/database.ts'

/** Tables of the embedded provider and of what providers say. Times are milliseconds since the Unix epoch. */
export const humanMigrations: readonly Migration[] = [
  {
    part: 'humans',
    number: 1,
    statements: [
      `create table oidc_records (
         kind text not null,
         id text not null,
         body jsonb not null,
         grant_id text,
         user_code text,
         uid text,
         consumed_at bigint,
         expires_at bigint not null,
         primary key (kind, id))`,
      'create index oidc_records_grant on oidc_records (grant_id) where grant_id is not null',
      'create unique index oidc_records_user_code on oidc_records (user_code) where user_code is not null',
      'create index oidc_records_uid on oidc_records (uid) where uid is not null',
      'create index oidc_records_expiry on oidc_records (expires_at)',
      `create table oidc_keys (
         id text primary key,
         purpose text not null,
         secret text not null,
         created_at bigint not null)`,
      `create table human_attempts (
         kind text not null,
         subject bytea not null,
         failures integer not null,
         locked_until bigint not null,
         last_at bigint not null,
         primary key (kind, subject))`,
      'create index human_attempts_last on human_attempts (last_at)',
      `create table security_events_taken (
         issuer text not null,
         id text not null,
         until_at bigint not null,
         primary key (issuer, id))`,
      'create index security_events_taken_until on security_events_taken (until_at)',
    ],
  },
  {
    // What stood here was to be read by whoever had the database. It is made anew: humans sign in again.
    part: 'humans',
    number: 2,
    statements: [
      'drop table oidc_keys',
      'drop table oidc_records',
      `create table oidc_records (
         kind text not null,
         id bytea not null,
         sealed bytea not null,
         grant_id bytea,
         user_code bytea,
         uid bytea,
         signed_in bytea[] not null,
         consumed_at bigint,
         expires_at bigint not null,
         primary key (kind, id))`,
      'create index oidc_records_grant on oidc_records (grant_id) where grant_id is not null',
      'create unique index oidc_records_user_code on oidc_records (user_code) where user_code is not null',
      'create index oidc_records_uid on oidc_records (uid) where uid is not null',
      'create index oidc_records_signed_in on oidc_records using gin (signed_in)',
      'create index oidc_records_expiry on oidc_records (expires_at)',
      `create table oidc_keys (
         id text primary key,
         purpose text not null,
         sealed bytea not null,
         created_at bigint not null)`,
    ],
  },
  {
    // Whose device waits, so that nobody takes all places.
    part: 'humans',
    number: 3,
    statements: ['alter table oidc_records add column origin bytea'],
  },
  {
    // Nor by many networks of one site.
    part: 'humans',
    number: 4,
    statements: ['alter table oidc_records add column site bytea'],
  },
]
