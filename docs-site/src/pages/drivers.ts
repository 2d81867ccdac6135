import { DRIVER } from '@0k-sync/spec';
import { codecRegistry } from '../../../conformance/src/codec/checks.ts';
import type { DriverField, DriverOperation } from '../../../spec/generate/specification.ts';
import { code, count, link, list, number, type Page, plain, table } from '../markdown.ts';
import { errorPlace, vectorPage } from '../places.ts';

const { max_line, rules, errors, values, objects } = DRIVER;
const operations: readonly DriverOperation[] = DRIVER.operations as never;

/** The protocol by which the certifier drives codecs in any language. */
export function driversPage(): Page {
  const checks = codecRegistry.all();
  return {
    path: 'drivers.md',
    title: 'The protocol of drivers',
    label: 'Drivers of codecs',
    text: [
      'How the certifier asks a codec in any language: [Certify a codec](/codecs.md) says how to begin.',
      `There are ${count(operations.length, 'operation')} and ${count(checks.length, 'check')}; a line has at most ${number(max_line)} bytes.`,
      'As data: `driver` in protocol.json, and [the schema of the lines](/spec/driver-line.schema.json).\n',
      '## Rules {#rules}\n',
      list(rules.map((rule) => plain(rule))),
      '\n## Values {#values}\n',
      table(
        ['name', 'in JSON', 'meaning'],
        Object.entries(values).map(([name, value]) => [
          `<span id="value-${name}">${code(name)}</span>`,
          value.json,
          plain(value.doc),
        ]),
      ),
      ...Object.entries(objects).flatMap(([name, { doc, fields }]) => [
        `\n### ${name} {#value-${name}}\n`,
        `${plain(doc)}\n`,
        fieldTable(fields as readonly DriverField[]),
      ]),
      '\n## Error classes {#errors}\n',
      `Those of [the codec, the handshake and the seals](/errors.md#classes), and ${errors.map(({ name, doc }) => `${code(name)}: ${plain(doc)}`).join(' ')}\n`,
      '## Operations {#operations}\n',
      ...operations.map((operation) =>
        operationText(operation, checks.filter(({ id }) => id.endsWith(`/${operation.name}`)).length),
      ),
    ].join('\n'),
  };
}

function operationText(
  { name, doc, input, output, errors = [], step_errors = [], vectors = [] }: DriverOperation,
  own: number,
) {
  const classes = (names: readonly string[]) => names.map((each) => link(code(each), errorPlace(each))).join(', ');
  return [
    `### ${name} {#${name}}\n`,
    `${plain(doc)}\n`,
    ...(input ? ['Inputs:\n', fieldTable(input), ''] : ['It has no inputs.\n']),
    ...(output ? ['Outputs:\n', fieldTable(output), ''] : ['Its `ok` is `{}`.\n']),
    ...(errors.length > 0 ? [`Error classes: ${classes(errors)}.\n`] : []),
    ...(step_errors.length > 0 ? [`Error classes in the outcomes of its steps: ${classes(step_errors)}.\n`] : []),
    ...(vectors.length > 0
      ? [
          `Vectors: ${vectors.map(({ file, groups }) => `${link(`${file}.json`, vectorPage(file))} (${groups.join(', ')})`).join(', ')}.` +
            (own > 0 ? ` Run them alone: \`--only '*/${name}'\`.` : '') +
            '\n',
        ]
      : []),
  ].join('\n');
}

function fieldTable(fields: readonly DriverField[]): string {
  return table(
    ['name', 'type', 'meaning'],
    fields.map(({ name, type, list, optional, nullable, values, doc }) => [
      code(name),
      [
        `${list ? 'list of ' : ''}${values ? values.map(code).join(', ') : link(code(type), `#value-${type}`)}`,
        ...(optional ? ['may be left out'] : []),
        ...(nullable ? ['or null'] : []),
      ].join('; '),
      plain(doc),
    ]),
  );
}
