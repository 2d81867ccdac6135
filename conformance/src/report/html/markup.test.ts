import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeText, html } from './markup.ts';

test('what is filled in is text, unless it was made here', () => {
  const hostile = `</style><script>alert(1)</script>" onload='x' &amp;`;
  expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(
    '<p title="&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp;amp;">' +
      '&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp;amp;</p>',
  );
  expect(html`<ul>${['a<', 'b'].map((each) => html`<li>${each}</li>`)}</ul>${undefined}${false}${7}`.text).toBe(
    '<ul><li>a&lt;</li><li>b</li></ul>7',
  );
});

test('what cannot be seen is shown', () => {
  expect(escapeText('a\u202eb\0c\x1b[31m\ud800\r\n\t')).toBe('a\\u{202e}b\\u{0}c\\u{1b}[31m\\u{d800}\\u{d}\n\t');
  expect(escapeText('größer 😀')).toBe('größer 😀');
});

test('no text whatever makes markup, and what can be seen of it stays', () => {
  fc.assert(
    fc.property(fc.uint16Array({ maxLength: 60 }), (units) => {
      const text = String.fromCharCode(...units);
      const escaped = escapeText(text);
      expect(escaped).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      expect(escaped.isWellFormed()).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('&', '<', '>', '"', "'", 'a', ';', 'l', 't') }), (text) => {
      const back = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" } as Record<string, string>;
      expect(escapeText(text).replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => back[name]!)).toBe(text);
    }),
  );
});
