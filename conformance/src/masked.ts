/** What stands in the place of each byte of a token: `*`. */
const MASK = 0x2a;

/**
 * The body of a message as a report may show it: the bytes of every token are `*`. A relay's token opens its content store,
 * whoever holds it.
 */
export function maskTokens(message: object, body: Uint8Array): Uint8Array {
  const tokens = tokensIn(message);
  if (tokens.length === 0) return body;
  const masked = Buffer.from(body);
  for (const token of tokens) {
    const bytes = Buffer.from(token);
    for (let at = masked.indexOf(bytes); at >= 0; at = masked.indexOf(bytes, at + bytes.length)) {
      masked.fill(MASK, at, at + bytes.length);
    }
  }
  return masked;
}

/** Tokens stand in fields and in extensions, never in lists. */
function tokensIn(value: object): string[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === 'token' && typeof inner === 'string' && inner !== '') return [inner];
    const isObject = inner !== null && typeof inner === 'object' && !Array.isArray(inner);
    return isObject && !(inner instanceof Uint8Array) ? tokensIn(inner) : [];
  });
}
