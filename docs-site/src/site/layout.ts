/** The frame around each page: head, menu, page, its headings. All of it is static; script.js adds search and the switch of colours. */
import { Content, useData } from 'vitepress';
import { h, type VNode } from 'vue';
import type { Item, Section, Site } from './site.ts';

const address = (page: string) => `/${page.replace(/\.md$/, '.html')}`;

function menuLink({ text, page }: Item, current: string): VNode {
  return h('li', h('a', { href: address(page), ...(page === current && { 'aria-current': 'page' }) }, text));
}

function menuSection({ title, items }: Section, current: string): VNode {
  return h('section', [
    h('h2', title),
    h(
      'ul',
      items.map((item) => {
        if ('page' in item) return menuLink(item, current);
        const open = item.items.some(({ page }) => page === current);
        return h(
          'li',
          h('details', { open }, [
            h('summary', item.title),
            h(
              'ul',
              item.items.map((child) => menuLink(child, current)),
            ),
          ]),
        );
      }),
    ),
  ]);
}

interface Heading {
  readonly title: string;
  readonly link: string;
  readonly children: readonly Heading[];
}

/** VitePress gives the text of headings as it stands in Markdown. */
const decode = (text: string) => text.replace(/&#(\d+);/g, (_, sign) => String.fromCharCode(sign));

function outline(headings: readonly Heading[]): VNode {
  return h(
    'ul',
    headings.map(({ title, link, children }) =>
      h('li', [
        h('a', { href: link }, decode(title)),
        ...(children.length > 0 && headings.length <= 12 ? [outline(children)] : []),
      ]),
    ),
  );
}

function layout(): VNode {
  const { page, theme } = useData<Site>();
  const { relativePath, headers } = page.value;
  return h('div', { class: 'site' }, [
    h('input', { type: 'checkbox', id: 'menu-open', 'aria-label': 'Menu' }),
    h('header', { class: 'top' }, [
      h('label', { for: 'menu-open', class: 'menu-button', title: 'Menu' }, '☰'),
      h('a', { class: 'brand', href: '/index.html' }, '0k-Sync'),
      h('button', { type: 'button', class: 'search-button' }, ['Search ', h('kbd', '/')]),
      h(
        'button',
        { type: 'button', class: 'theme-button', title: 'Light or dark', 'aria-label': 'Light or dark' },
        '◐',
      ),
    ]),
    h(
      'nav',
      { class: 'menu', 'aria-label': 'Pages' },
      theme.value.menu.map((section) => menuSection(section, relativePath)),
    ),
    h('main', [page.value.isNotFound ? h('p', 'There is no such page.') : h(Content, { class: 'vp-doc' })]),
    h(
      'aside',
      { class: 'outline' },
      headers.length > 1 ? [h('h2', 'On this page'), outline(headers as Heading[])] : [],
    ),
    h('dialog', { class: 'search', 'aria-label': 'Search' }, [
      h('input', { type: 'search', placeholder: 'Rule, message, error, word …', 'aria-label': 'Search' }),
      h('ol'),
      h('p', { class: 'none', hidden: true }, 'Nothing found.'),
    ]),
  ]);
}

export const theme = { Layout: { render: layout } };
