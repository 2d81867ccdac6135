/** One numbered rule of the protocol (spec/requirements). */
export interface Requirement {
  /** Area and number, as `CUR-07`; never renumbered. */
  readonly id: string;
  readonly area: string;
  readonly level: 'MUST' | 'SHOULD' | 'MAY';
  readonly party: 'relay' | 'client' | 'both';
  readonly profile: string;
  /** One sentence that can be tested. */
  readonly text: string;
  /** What goes wrong for a user where it does not hold. */
  readonly why: string;
  readonly source: 'deployed' | 'rfc' | 'decision';
  /** Error codes and codec error classes that it gives. */
  readonly errors?: readonly (string | number)[];
  /** Why no outsider can see it, and which test inside the reference covers it. */
  readonly untestable?: { readonly reason: string; readonly covered_by: string };
  /** Written down, but not yet verified. */
  readonly planned?: boolean;
}

/** What the specification decides where its sources leave something open. */
export interface Decision {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly decision: string;
  readonly why: string;
  readonly requirements: readonly string[];
}
