/** How much of a text from elsewhere is shown, in UTF-16 units. */
const MOST = 4000;
/** How much of what somebody calls itself. */
const MOST_OF_NAME = 200;

/**
 * What a terminal would act upon, or show otherwise than it stands: control characters (C0, C1, DEL) but for the tab, what
 * has no form of its own, such as what turns the direction of writing, and the separators of lines and paragraphs.
 */
const UNSEEN = /(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What a CI acts upon in a line of a log: `::error::` of GitHub at its beginning, `##[error]`, `##vso[` or `##teamcity[` anywhere. */
const COMMAND = /(?<=^|\s):(?=:[a-z-]+(?:::|\s))|#(?=#[a-z]*\[)/gi;

/**
 * A text from elsewhere (a target, a driver, somebody else's report) as it may go to a terminal: on one line, with what would
 * be acted upon in the form `\u{1b}`, and cut if it is long. Only there: in reports a text stays as it came.
 */
export function printable(text: string): string {
  return cut(text, MOST);
}

/** The same of what somebody calls itself, which is cut sooner. */
export function printableName(name: string): string {
  return cut(name, MOST_OF_NAME);
}

function cut(text: string, most: number): string {
  const shown = text.slice(0, most).replace(UNSEEN, escaped).replace(COMMAND, escaped);
  return text.length > most ? `${shown}… (${text.length - most} characters more)` : shown;
}

const escaped = (character: string) => `\\u{${character.codePointAt(0)!.toString(16)}}`;
