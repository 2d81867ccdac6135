/**
 * Draws who sends what to whom, from lines such as
 *
 *     client -> relay: Hello
 *     relay --> client: Welcome | an answer is dashed; what stands behind a bar is a second line
 *     note: between the arrows
 */
const ARROW = /^(\w+) (-->|->) (\w+): (.+)$/;
const NOTE = /^note: (.+)$/;
/** Sizes in the unit of the drawing. */
const LANE = 340;
const MARGIN = 90;
const STEP = 52;
const HEAD = 34;

/** @throws Error on a line that is neither an arrow nor a note */
export function drawSequence(source: string): string {
  const lines = source.split('\n').filter((line) => line.trim() !== '');
  const steps = lines.map((line) => {
    const arrow = ARROW.exec(line);
    if (arrow) return { from: arrow[1]!, to: arrow[3]!, dashed: arrow[2] === '-->', texts: arrow[4]!.split(' | ') };
    const note = NOTE.exec(line)?.[1];
    if (note === undefined)
      throw new Error(`a sequence has lines such as "a -> b: text" and "note: text", not "${line}"`);
    return { note };
  });
  const names = [...new Set(steps.flatMap((step) => ('note' in step ? [] : [step.from, step.to])))];
  const x = (name: string) => MARGIN + names.indexOf(name) * LANE;
  const width = 2 * MARGIN + (names.length - 1) * LANE;
  const height = HEAD + (steps.length + 0.6) * STEP;

  const parts = names.flatMap((name) => [
    `<rect x="${x(name) - 60}" y="1" width="120" height="${HEAD - 4}" rx="6"/>`,
    `<text x="${x(name)}" y="21" class="strong">${escapeXml(name)}</text>`,
    `<line x1="${x(name)}" y1="${HEAD - 3}" x2="${x(name)}" y2="${height}" class="life"/>`,
  ]);
  for (const [index, step] of steps.entries()) {
    const y = HEAD + (index + 0.95) * STEP;
    if ('note' in step) {
      parts.push(`<text x="${width / 2}" y="${y - 14}" class="note">${escapeXml(step.note!)}</text>`);
      continue;
    }
    const [start, end] = [x(step.from), x(step.to)];
    const middle = (start + end) / 2;
    const back = end > start ? -9 : 9;
    parts.push(
      `<line x1="${start}" y1="${y}" x2="${end + back}" y2="${y}"${step.dashed ? ' class="dashed"' : ''}/>`,
      `<path class="head" d="M${end} ${y} l${back} -5 v10 z"/>`,
      `<text x="${middle}" y="${y - 7}">${escapeXml(step.texts[0]!)}</text>`,
      ...(step.texts[1] ? [`<text x="${middle}" y="${y + 15}" class="note">${escapeXml(step.texts[1])}</text>`] : []),
    );
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" class="sequence" viewBox="0 0 ${width} ${height}" width="${width}" style="min-width: min(${width}px, 520px)" role="img">${parts.join('')}</svg>`;
}

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
