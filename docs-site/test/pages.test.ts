import { createMarkdownRenderer } from 'vitepress';
import { expect, test } from 'vitest';
import { plain, table } from '../src/markdown.ts';
import { checkPages } from '../src/pages/checks.ts';
import { fill, guides } from '../src/pages/guides.ts';
import { messagePages } from '../src/pages/messages.ts';
import { decisionsPage, requirementPages } from '../src/pages/requirements.ts';
import { saboteursPage } from '../src/pages/saboteurs.ts';
import { configurationPage, errorsPage, limitsPage, metricsPage } from '../src/pages/tables.ts';
import { references } from '../src/places.ts';
import { linkReferences } from '../src/site/references.ts';
import { checkSourceLink } from '../src/source-files.ts';
import { checks, readText, specification } from '../src/sources.ts';

const md = await createMarkdownRenderer('.', { config: (renderer) => linkReferences(renderer, references()) });
const rendered = (pages: { text: string }[]) => pages.map(({ text }) => text).join('\n');
const decode = (html: string) =>
  html
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
const anchors = (text: string) =>
  [...text.matchAll(/\{#([^}]+)\}/g), ...text.matchAll(/<span id="([^"]+)"/g)].map(([, id]) => id);

test('every rule, check, message and decision has an anchor of its own', () => {
  expect(anchors(rendered(requirementPages()))).toEqual(
    expect.arrayContaining(specification.requirements.map(({ id }) => id)),
  );
  expect(anchors(rendered(checkPages()))).toEqual(expect.arrayContaining(checks.map(({ id }) => id)));
  expect(anchors(rendered(messagePages()))).toEqual(
    expect.arrayContaining(specification.messages.map(({ name }) => name)),
  );
  expect(anchors(decisionsPage().text)).toEqual(specification.decisions.map(({ id }) => id));
});

test('every error, close code, error class, limit, key and metric has one too', () => {
  const { errors, close_codes, error_classes, limits, fixed, configuration, metrics } = specification;
  const expected = [
    ...errors.map(({ code }) => `${code}`),
    ...close_codes.map(({ code }) => `close-${code}`),
    ...error_classes.map(({ name }) => name),
  ];
  expect(anchors(errorsPage().text)).toEqual(expect.arrayContaining(expected));
  expect(anchors(limitsPage().text)).toEqual(expect.arrayContaining([...limits, ...fixed].map(({ name }) => name)));
  expect(anchors(configurationPage().text)).toEqual(
    expect.arrayContaining([...limits, ...configuration].map(({ section, name }) => `${section}.${name}`)),
  );
  expect(anchors(metricsPage().text)).toEqual(expect.arrayContaining(metrics.map(({ name }) => name)));
});

test('each saboteur is shown with the rule that it breaks and a check that caught it', () => {
  const html = decode(md.render(saboteursPage().text));
  const [, row] = /<code[^>]*>digest-of-nothing<\/code>([\s\S]*?)<\/tr>/.exec(html)!;
  expect(row).toContain('href="/requirements/cur.html#CUR-25"');
  expect(row).toContain('href="/checks/cur.html#CUR-25"');
  expect(html).toMatch(/<code[^>]*>pages-of-one-blob<\/code>/);
});

test('a rule shows its text, its reason and the checks that verify it', () => {
  const text = requirementPages().find(({ path }) => path === 'requirements/cur.md')!.text;
  const html = decode(md.render(/## CUR-39 [\s\S]*?(?=## CUR-40)/.exec(text)![0]));
  const rule = specification.requirements.find(({ id }) => id === 'CUR-39')!;
  expect(html).toContain(rule.text);
  expect(html).toContain(rule.why);
  expect(html).toContain('href="/checks/cur.html#CUR-39"');
  expect(html).toContain('href="/messages/pull.html#Pull"');
});

test('most checks lead to their source', () => {
  const found = checks.filter(({ id }) => checkSourceLink(id));
  expect(found.length).toBeGreaterThan(0.6 * checks.length);
});

test('ids in text become links, but not in headings, links and longer words', () => {
  const html = md.render('See CUR-07, `CUR-37/plans`, D-001, Error 1000, close code 1002, CUR-39/nothing, noise.json.');
  expect([...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)).toEqual([
    '/requirements/cur.html#CUR-07',
    '/checks/cur.html#CUR-37/plans',
    '/decisions.html#D-001',
    '/errors.html#1000',
    '/errors.html#close-1002',
    '/requirements/cur.html#CUR-39',
    '/vectors/noise.html',
  ]);
  expect(md.render('# About CUR-07').match(/href="[^"]*CUR-07"/)).toBeNull();
  expect(md.render('[CUR-07](https://example.org/)').match(/href=/g)).toHaveLength(1);
  for (const text of ['XCUR-07', 'CUR-999', 'sources/argon2.json', 'Error 9999'])
    expect(md.render(text), text).not.toContain('href');
});

test('nothing in a text of the specification is taken for markup', () => {
  const text = 'a <b> *c* _d_ [e](f) {g} {{h}} | ~i~ `<j> *k* {{l}}` # m & n \\o';
  const cell = /<td>([\s\S]*?)<\/td>/.exec(md.render(table(['x'], [[plain(text)]])))![1]!;
  // What VitePress gives to Vue has no tags but those of the code, and no braces that Vue would compute.
  const withoutCode = cell.replace(/<code v-pre="">([\s\S]*?)<\/code>/, '`$1`');
  expect(withoutCode).not.toContain('<');
  expect(withoutCode.replace(/`.*`/, '')).not.toContain('{');
  expect(decode(withoutCode)).toBe(text);
});

test('a hand-written page repeats no rule: the text of a rule stands in spec/ alone', () => {
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const runs = (text: string) =>
    words(text).flatMap((_, at, all) => (at + 9 <= all.length ? [all.slice(at, at + 9).join(' ')] : []));
  const rules = new Map(
    specification.requirements.flatMap(({ id, text }) => runs(text).map((run) => [run, id] as const)),
  );
  for (const { path } of guides()) {
    for (const run of runs(readText(`docs-site/pages/${path}`)))
      expect(rules.get(run), `${path}: ${run}`).toBeUndefined();
  }
});

test('a hand-written page gets what it asks for, and an error if that does not exist', () => {
  const rule = specification.requirements.find(({ id }) => id === 'CUR-39')!;
  expect(decode(fill('<!-- rules: CUR-39 CUR-40 -->', 'x.md'))).toContain(rule.text);
  expect(fill('"@{labels.member}", @{handshake.sizes.kem_public}', 'x.md')).toBe('"0k-sync-member-v1", 1,184');
  expect(fill('<!-- toml: relay/certify.toml -->', 'x.md')).toBe(
    `\`\`\`toml\n${readText('relay/certify.toml').trimEnd()}\n\`\`\``,
  );
  expect(() => fill('<!-- rules: CUR-399 -->', 'x.md')).toThrow('x.md asks for the rule CUR-399, which does not exist');
  expect(() => fill('@{labels.nothing}', 'x.md')).toThrow('x.md asks for labels.nothing');
  expect(() => fill('<!-- toml: relay/nothing.toml -->', 'x.md')).toThrow('nothing.toml');
});
