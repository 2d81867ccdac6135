import type { MarkdownRenderer } from 'vitepress';

type Token = ReturnType<MarkdownRenderer['parse']>[number];

const REFERENCE = /(?<![/\w-])(?:[A-Z]{1,5}-\d{2,3}(?:\/[a-z0-9-]+)?|Error \d{4}|close code \d{4}|[a-z0-9-]+\.json)\b/g;

/** Turns ids of rules, decisions, checks, errors and vector files into links, outside of headings, links and code. */
export function linkReferences(md: MarkdownRenderer, places: Readonly<Record<string, string>>): void {
  md.core.ruler.push('references', (state) => {
    const open = (place: string) => {
      const token = new state.Token('link_open', 'a', 1);
      token.attrSet('href', place);
      return token;
    };
    const wrap = (place: string, token: Token) => [open(place), token, new state.Token('link_close', 'a', -1)];
    const text = (content: string) => Object.assign(new state.Token('text', '', 0), { content });
    const split = (token: Token): Token[] => {
      const tokens: Token[] = [];
      let end = 0;
      for (const match of token.content.matchAll(REFERENCE)) {
        // A check without a page of that name cites its rule.
        const found = places[match[0]] ? match[0] : match[0].replace(/\/.*/, '');
        const place = places[found];
        if (place === undefined) continue;
        if (match.index > end) tokens.push(text(token.content.slice(end, match.index)));
        tokens.push(...wrap(place, text(found)));
        end = match.index + found.length;
      }
      if (end === 0) return [token];
      return end < token.content.length ? [...tokens, text(token.content.slice(end))] : tokens;
    };
    for (const [index, block] of state.tokens.entries()) {
      // Vue would compute what stands in double braces.
      for (const token of block.children ?? []) if (token.type === 'code_inline') token.attrSet('v-pre', '');
      if (block.type !== 'inline' || state.tokens[index - 1]?.type === 'heading_open') continue;
      let links = 0;
      block.children = (block.children ?? []).flatMap((token) => {
        if (token.type === 'link_open') links++;
        if (token.type === 'link_close') links--;
        if (links > 0) return [token];
        if (token.type === 'text') return split(token);
        const place = token.type === 'code_inline' ? places[token.content] : undefined;
        return place === undefined ? [token] : wrap(place, token);
      });
    }
  });
}
