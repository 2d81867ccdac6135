/** Pages that are a table of the specification: errors, limits, configuration, metrics, identifiers. */
import { code, link, number, type Page, plain, table } from '../markdown.ts';
import { rulePlace } from '../places.ts';
import { specification } from '../sources.ts';

const { requirements, errors, close_codes, error_classes, limits, fixed, configuration, metrics, identifiers, labels } =
  specification;

const ruleLinks = (ids: readonly string[]) => ids.map((id) => link(id, rulePlace(id))).join(', ');
const rulesGiving = (error: string | number) =>
  ruleLinks(requirements.filter((rule) => rule.errors?.includes(error)).map(({ id }) => id));
const rulesSaying = (text: string) =>
  ruleLinks(requirements.filter((rule) => new RegExp(`\\b${text}\\b`).test(rule.text)).map(({ id }) => id));

/** What a client does after an Error, for readers of the table. */
const REACTIONS: Record<string, string> = {
  stop: 'stops and reports',
  report: 'reports, and goes on',
  wait: 'waits for its backoff or retry_after_ms, whichever is longer',
  backoff: 'tries again after its backoff',
};

export function errorsPage(): Page {
  return {
    path: 'errors.md',
    title: 'Errors',
    text: [
      'A refusal is the message [Error](/messages/ok.md#Error) with a code and its fixed text. A fatal one ends the session.\n',
      '## Codes {#codes}\n',
      table(
        ['code', 'name', 'fatal', 'text', 'the client'],
        errors.map((error) => [
          link(String(error.code), `#${error.code}`),
          code(error.name),
          error.fatal ? 'yes' : 'no',
          plain(error.message),
          REACTIONS[error.client] ?? error.client,
        ]),
      ),
      '',
      ...errors.map(
        (error) =>
          `## ${error.code} ${error.name} {#${error.code}}\n\n${plain(error.doc)}\n\nRules that give it: ${rulesGiving(error.code) || 'none'}.\n`,
      ),
      '## Close codes of the WebSocket {#close-codes}\n',
      'They bind the relay; a client may close with any code. See D-001.\n',
      table(
        ['close code', 'when', 'rules that name it'],
        close_codes.map((close) => [
          `<span id="close-${close.code}">${close.code}</span>`,
          plain(close.when),
          rulesSaying(`close code ${close.code}`),
        ]),
      ),
      '\n## Error classes {#classes}\n',
      'Stable names for what a reader of bytes refuses. They never travel: vectors and tests name them.\n',
      ...[...Map.groupBy(error_classes, ({ layer }) => layer)].flatMap(([layer, classes]) => [
        `### ${layer} {#classes-${layer}}\n`,
        table(
          ['class', 'meaning', 'rules that give it'],
          classes.map(({ name, doc }) => [`<span id="${name}">${code(name)}</span>`, plain(doc), rulesGiving(name)]),
        ),
        '',
      ]),
    ].join('\n'),
  };
}

export function limitsPage(): Page {
  return {
    path: 'limits.md',
    title: 'Limits',
    text: [
      'An operator can change these, and `Welcome.ext.limits` tells clients what is in force. For a rate 0 means no limit.',
      'How to set them: [Configuration](/configuration.md).\n',
      table(
        ['limit', 'default', 'unit', 'from', 'to', 'meaning', 'rules that name it'],
        limits.map((limit) => [
          `<span id="${limit.name}">${code(limit.name)}</span>`,
          number(limit.default),
          limit.unit,
          number(limit.min),
          number(limit.max),
          plain(limit.doc),
          rulesSaying(limit.name),
        ]),
      ),
      '\n## Fixed {#fixed}\n',
      'No configuration changes these.\n',
      table(
        ['name', 'value', 'unit', 'meaning'],
        fixed.map(({ name, value, unit, doc }) => [
          `<span id="${name}">${code(name)}</span>`,
          number(value),
          unit,
          plain(doc),
        ]),
      ),
    ].join('\n'),
  };
}

/** Every key of a relay's configuration: those of the limits and the others, by section. */
export function configurationPage(): Page {
  const keys = [
    ...configuration.map((key) => ({
      ...key,
      type: key.values ? `one of ${key.values.map(code).join(', ')}` : plain(key.type),
      default: code([key.default].flat().join(',')).replace('``', 'none'),
    })),
    ...limits.map(({ section, name, default: value, min, max, unit, doc }) => ({
      section,
      name,
      type: `${number(min)} to ${number(max)} ${unit}`,
      default: code(value),
      doc,
    })),
  ];
  const sections = [...Map.groupBy(keys, ({ section }) => section)];
  return {
    path: 'configuration.md',
    title: 'Configuration of a relay',
    label: 'Configuration',
    text: [
      'The keys of the reference relay. It reads them from a TOML file (`--config`), then from the environment, under the name that stands',
      'below the key, lists with commas, then from its flags; the later one wins. `0k-sync-relay check-config` shows what is in force.\n',
      ...sections.flatMap(([section, own]) => [
        `## [${section}] {#${section}}\n`,
        table(
          ['key', 'type', 'default', 'meaning'],
          own.map((key) => [
            `<span id="${key.section}.${key.name}">${code(key.name)}</span><br><small>ZK_SYNC_${`${key.section}_${key.name}`.toUpperCase()}</small>`,
            key.type,
            key.default,
            plain(key.doc),
          ]),
        ),
        '',
      ]),
    ].join('\n'),
  };
}

export function metricsPage(): Page {
  return {
    path: 'metrics.md',
    title: 'Metrics',
    text: [
      'What `GET /metrics` of a relay’s admin listener gives, in the text format of Prometheus. Others may stand beside them.\n',
      table(
        ['metric', 'type', 'labels', 'unit', 'meaning'],
        metrics.map(({ name, type, labels, unit, doc }) => [
          `<span id="${name}">${code(name)}</span>`,
          type,
          labels.map(code).join(', '),
          unit,
          plain(doc),
        ]),
      ),
    ].join('\n'),
  };
}

export function identifiersPage(): Page {
  return {
    path: 'identifiers.md',
    title: 'Identifiers and labels',
    label: 'Identifiers',
    text: [
      table(
        ['name', 'bytes', 'shown as', 'meaning'],
        identifiers.map(({ name, bytes, shown_as, meaning }) => [
          `<span id="${name}">${name}</span>`,
          bytes,
          plain(shown_as),
          plain(meaning),
        ]),
      ),
      '\nVectors: ids.json.\n',
      '## Labels {#labels}\n',
      'Text that goes into a hash, a key or a signature, so that no two uses can be taken for each other. ASCII, without a terminator.\n',
      table(
        ['use', 'label'],
        Object.entries(labels).map(([use, label]) => [code(use), code(label)]),
      ),
      '\nThe labels of keys and seals are in [Keys and seals](/seals.md).\n',
    ].join('\n'),
  };
}
