import { instance } from '@viz-js/viz';

const viz = await instance();

// Graphviz measures Helvetica, and readers may have a wider font: the style sheet writes smaller than is measured here.
const STYLE = {
  graphAttributes: { bgcolor: 'transparent', fontname: 'Helvetica', nodesep: 0.4, ranksep: 0.5 },
  nodeAttributes: { shape: 'box', style: 'rounded', fontname: 'Helvetica', fontsize: 15, margin: '0.18,0.09' },
  edgeAttributes: { fontname: 'Helvetica', fontsize: 14.5, arrowsize: 0.7 },
};

/**
 * A graph in the language of Graphviz as SVG without colours of its own: the style sheet gives them, for light and dark.
 *
 * @throws Error if Graphviz does not understand it
 */
export function drawGraph(source: string): string {
  return viz
    .renderString(source, { format: 'svg', ...STYLE })
    .replace(
      /^[\s\S]*?<svg width="(\d+)pt" height="\d+pt"/,
      '<svg class="graph" role="img" width="$1" style="min-width: min($1px, 520px)"',
    )
    .replace(/<!--[\s\S]*?-->\n?|<title>[\s\S]*?<\/title>\n?/g, '')
    .replace(/ (fill|stroke)="(black|transparent|none)"/g, (_, name, value) =>
      value === 'black' ? '' : ` ${name}="none"`,
    )
    .replace(/ font-(?:family|size)="[^"]*"/g, '')
    .trim();
}
