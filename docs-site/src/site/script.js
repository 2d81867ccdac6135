// What a page does: search, light and dark, copying of code. One plain script, because browsers run no modules from a disk.
(() => {
  const { root } = document.documentElement.dataset;

  const menu = document.querySelector('.menu');
  const here = menu.querySelector('[aria-current]');
  if (here && here.offsetTop > menu.clientHeight - 80) menu.scrollTop = here.offsetTop - menu.clientHeight / 2;

  const theme = document.querySelector('.theme-button');
  theme.addEventListener('click', () => {
    const dark = document.documentElement.classList.toggle('dark');
    localStorage.setItem('vitepress-theme-appearance', dark ? 'dark' : 'light');
  });

  for (const button of document.querySelectorAll('button.copy')) {
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector('code').textContent);
      button.classList.add('copied');
      button.addEventListener('mouseleave', () => button.classList.remove('copied'), { once: true });
    });
  }

  const dialog = document.querySelector('dialog.search');
  const input = dialog.querySelector('input');
  const results = dialog.querySelector('ol');
  const none = dialog.querySelector('.none');
  let index;

  /** The index is a script too: a page from a disk may not fetch anything. */
  function load(file) {
    return new Promise((loaded, failed) => {
      const script = document.createElement('script');
      script.src = `${root}/${file}`;
      script.onload = loaded;
      script.onerror = () => failed(new Error(`${file} is missing`));
      document.head.append(script);
    });
  }

  /** Ids count whole and in parts: `CUR-07` is found by itself, by `CUR` and by `07`. */
  function tokenize(text) {
    const words = text.split(/[^\p{L}\p{N}_/.-]+/u).map((word) => word.replace(/^[/.-]+|[/.-]+$/g, ''));
    return words.flatMap((word) => (/[_/.-]/.test(word) ? [word, ...word.split(/[_/.-]+/)] : [word])).filter(Boolean);
  }

  async function open() {
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    if (index) return;
    await Promise.all([load('minisearch.js'), load('search-index.js')]);
    index = new MiniSearch({
      fields: ['title', 'page', 'text'],
      idField: 'place',
      tokenize,
      storeFields: ['title', 'page', 'text'],
    });
    index.addAll(searchIndex);
    find();
  }

  function find() {
    if (!index) return;
    const query = input.value.trim();
    const options = {
      prefix: true,
      fuzzy: (word) => (word.length > 4 && !/\d/.test(word) ? 0.2 : false),
      boost: { title: 8, page: 2 },
      combineWith: 'AND',
    };
    const found = query === '' ? [] : index.search(query, options).slice(0, 40);
    // What is named exactly so comes first, and a rule before the check of that name.
    const rank = ({ id, title }) =>
      (title.toLowerCase() === query.toLowerCase() ? 2 : 0) + (id.startsWith('requirements/') ? 1 : 0);
    const named = found.filter((entry) => rank(entry) > 1).sort((a, b) => rank(b) - rank(a));
    const shown = [...named, ...found.filter((entry) => !named.includes(entry))];
    results.replaceChildren(...shown.map(show));
    none.hidden = query === '' || found.length > 0;
  }

  function show({ id, title, page, text, terms }) {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = `${root}/${id}`;
    const where = document.createElement('small');
    // The beginning says most where the title is what was looked for; else the words around it.
    const named = terms.some((term) => title.toLowerCase().includes(term));
    const at = named ? 0 : Math.max(0, text.toLowerCase().indexOf(terms[0] ?? '') - 40);
    where.textContent = `${title === page ? '' : `${page} · `}${at > 0 ? '…' : ''}${text.slice(at, at + 160)}`;
    link.append(title, where);
    link.addEventListener('click', () => dialog.close());
    item.append(link);
    return item;
  }

  document.querySelector('.search-button').addEventListener('click', open);
  input.addEventListener('input', find);
  document.addEventListener('keydown', (event) => {
    const typing = /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
    if ((event.key === '/' && !typing) || (event.key === 'k' && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      open();
    }
    if (!dialog.open) return;
    if (event.key === 'Escape') {
      // Else it would clear the field first.
      event.preventDefault();
      dialog.close();
    }
    const links = [...results.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement);
    if (event.key === 'Enter' && at < 0) links[0]?.click();
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const next = at + (event.key === 'ArrowDown' ? 1 : -1);
      (links[next] ?? (next < 0 ? input : undefined))?.focus();
    }
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
})();
