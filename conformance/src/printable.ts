/** A text from elsewhere, without what a terminal would act upon. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
