/** What the build hands to VitePress, beside the pages. */
export interface Site {
  /** The menu: sections of pages, and of groups of pages that can be folded. */
  readonly menu: readonly Section[];
  /** Where the ids of rules, decisions, checks and errors lead. */
  readonly references: Readonly<Record<string, string>>;
}

export interface Section {
  readonly title: string;
  readonly items: readonly (Item | { readonly title: string; readonly items: readonly Item[] })[];
}

export interface Item {
  readonly text: string;
  /** Path of the page, as `requirements/cur.md`. */
  readonly page: string;
}
