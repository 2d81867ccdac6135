/** The 0k-Sync protocol as types and tables, generated from the YAML files of this package. */
export type * from './generated/messages.ts';
export * from './generated/requirements.ts';
export * from './generated/tables.ts';
export type { Decision, Requirement } from './requirement.ts';
