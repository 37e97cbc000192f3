import type { Migration } from '../../ports/database.ts'

/** Milliseconds since the Unix epoch everywhere. */
const sessions: Migration = {
  part: 'sessions',
  number: 1,
  statements: [
    `create table sessions (
       session_id text primary key,
       refresh_digest bytea not null unique,
       status_index bigint generated always as identity (minvalue 0 start 0) unique,
       parent text references sessions on delete set null,
       provider text,
       human text not null,
       human_session text,
       authenticated_at bigint not null,
       opened_at bigint not null,
       ends_at bigint not null,
       tokens_until bigint not null,
       active_at bigint not null,
       ended_at bigint,
       end_reason text,
       end_recorded boolean not null default false,
       held jsonb not null)`,
    'create index sessions_of_parent on sessions (parent) where ended_at is null',
    'create index sessions_unrecorded on sessions (ended_at) where not end_recorded',
    `create table used_proofs (
       digest bytea primary key,
       expires_at bigint not null)`,
    'create index used_proofs_expiry on used_proofs (expires_at)',
    `create table logged_out (
       provider text not null,
       event_id text not null,
       human text,
       human_session text,
       revoked_at bigint not null,
       primary key (provider, event_id))`,
  ],
}

const basis: Migration = {
  part: 'sessions',
  number: 2,
  statements: [
    // What they rest on was not kept, so that nobody could judge them again: they end, and are opened anew.
    `update sessions set held = held || '{"ancestors": []}',
       ended_at = coalesce(ended_at, (extract(epoch from now()) * 1000)::bigint),
       end_reason = coalesce(end_reason, 'expired')`,
    // Counted at each opening.
    'create index sessions_open_of_human on sessions (human) where ended_at is null',
    `create index sessions_open_of_agent on sessions ((held ->> 'agentId')) where ended_at is null`,
  ],
}

const keys: Migration = {
  part: 'keys',
  number: 1,
  statements: [
    `create table signing_keys (
       key_id text primary key,
       sealed bytea not null,
       signs_from bigint not null)`,
  ],
}

const revocations: Migration = {
  part: 'revocations',
  number: 1,
  statements: [
    `create table revocations (
       scope text primary key,
       active boolean not null,
       version bigint not null,
       decided_by text not null,
       reason text not null,
       decided_at bigint not null,
       key_id text not null,
       statement text not null)`,
  ],
}

/** Of a scope that was lifted: the reason of a decision is that of the last one. */
const revokedFor: Migration = {
  part: 'revocations',
  number: 2,
  statements: ['alter table revocations add column revoked_for text'],
}

const engineKeys: Migration = {
  part: 'engine-keys',
  number: 1,
  statements: [
    `create table engine_keys (
       announcer text not null,
       x text not null,
       until bigint not null,
       announced_at bigint not null,
       primary key (announcer, x))`,
  ],
}

/** What sessions, signing keys, revocations and engines' keys keep. */
export const coreMigrations: readonly Migration[] = [
  sessions,
  basis,
  keys,
  revocations,
  revokedFor,
  engineKeys,
]
