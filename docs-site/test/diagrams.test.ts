import { expect, test } from 'vitest';
import { drawGraph } from '../src/graph.ts';
import { piecesOfMessages } from '../src/pages/handshake.ts';
import { sessionPage } from '../src/pages/session.ts';
import { drawSequence } from '../src/sequence.ts';

test('a graph has its labels, and no colours and sizes but those of the style sheet', () => {
  const svg = drawGraph('digraph { a [label="one & two"]; a -> b [label="then", style=dashed]; }');
  expect(svg).toMatch(/^<svg class="graph"/);
  expect(svg).toContain('one &amp; two');
  expect(svg).toContain('then');
  expect(
    svg.match(/(fill|stroke|font-size|font-family|color)="[^"]*"/g)?.filter((text) => !text.endsWith('"none"')) ?? [],
  ).toEqual([]);
  expect(svg).not.toContain('<title>');
  expect(drawGraph('digraph { a -> b }')).toBe(drawGraph('digraph { a -> b }'));
});

test('a graph that Graphviz does not understand is an error', () => {
  expect(() => drawGraph('digraph { a -> }')).toThrow();
});

test('the graph of the session has every state and every event', () => {
  const [, source] = /```dot\n([\s\S]*?)\n```/.exec(sessionPage().text)!;
  const text = drawGraph(source!)
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#160;|\s+/g, ' ');
  for (const word of ['AwaitingHello', 'Active', 'Closing', 'Presence', 'Bye', 'hello_timeout_secs elapsed'])
    expect(text).toContain(word);
});

test('a sequence has a lane for each side and an arrow for each line', () => {
  const svg = drawSequence('client -> relay: Hello | 57 bytes\nrelay --> client: Welcome\nnote: a < b');
  expect(svg.match(/class="life"/g)).toHaveLength(2);
  expect(svg.match(/class="head"/g)).toHaveLength(2);
  expect(svg.match(/class="dashed"/g)).toHaveLength(1);
  expect(svg).toContain('57 bytes');
  expect(svg).toContain('a &lt; b');
  expect(() => drawSequence('client sends Hello')).toThrow('"client sends Hello"');
});

test('the pieces of each handshake message add up to its length', () => {
  const sums = piecesOfMessages().map((pieces) => pieces.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(sums).toEqual([1216, 3568, 2368, 1120]);
});
