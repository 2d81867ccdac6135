import type { MarkdownRenderer } from 'vitepress';
import { drawGraph } from '../graph.ts';
import { drawSequence } from '../sequence.ts';

const DRAWERS: Record<string, (source: string) => string> = { dot: drawGraph, sequence: drawSequence };

/** Draws code blocks of the languages `dot` (Graphviz) and `sequence`. */
export function drawDiagrams(md: MarkdownRenderer): void {
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index]!;
    const draw = DRAWERS[info.trim()];
    return draw ? `<figure class="diagram" v-pre>${draw(content)}</figure>\n` : fence!(tokens, index, ...rest);
  };
}
