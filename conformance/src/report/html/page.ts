import { createHash } from 'node:crypto';
import { html, type Markup } from './markup.ts';
import { STYLE } from './stylesheet.ts';

/**
 * A page that is one file: no script, nothing that is loaded from elsewhere. The policy in it lets a browser take the one style
 * sheet that stands in it and nothing else, so that even what was not escaped could do no harm.
 */
export function page(title: string, body: Markup): string {
  const digest = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${
  html`<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>`.text
}
<style>${STYLE}</style>
</head>
<body>
${body.text}
</body>
</html>
`;
}
