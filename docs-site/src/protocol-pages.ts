import { ERRORS, FIXED_LIMITS, LIMITS, MESSAGES } from '@0k-sync/spec';
import { table } from './table.ts';

const code = (text: string | number) => `\`${text}\``;

export function messagesPage(): string {
  const parts = ['# Messages\n'];
  for (const message of MESSAGES) {
    const number = `0x${message.code.toString(16).padStart(2, '0').toUpperCase()}`;
    parts.push(
      `## ${message.name} {#${message.name}}\n\n${message.doc}\n\n${number} · ${message.direction} · ${message.encodings.join(', ')}\n`,
    );
    if (message.fields.length > 0) {
      parts.push(
        table(
          ['field', 'type', 'meaning'],
          message.fields.map((field) => [code(field.name), code(field.type), field.doc]),
        ),
      );
    }
    if ('ext' in message) {
      parts.push(
        table(
          ['extension', 'type', 'meaning'],
          message.ext.map((entry) => [code(entry.key), code(entry.type), entry.doc]),
        ),
      );
    }
    if ('answers' in message)
      parts.push(`Answered by ${message.answers.map((name) => `[${name}](#${name})`).join(', ')} or an Error.\n`);
  }
  return parts.join('\n');
}

export function errorsPage(): string {
  const rows = Object.values(ERRORS).map((error) => [
    error.code,
    code(error.name),
    error.fatal ? 'yes' : 'no',
    error.message,
    error.client,
  ]);
  return `# Errors\n\n${table(['code', 'name', 'fatal', 'message', 'the client'], rows)}`;
}

export function limitsPage(): string {
  const rows = Object.values(LIMITS).map((limit) => [
    code(limit.name),
    limit.default,
    limit.unit,
    `[${limit.section}]`,
    limit.doc,
  ]);
  const fixed = Object.entries(FIXED_LIMITS).map(([name, value]) => [code(name), value]);
  return `# Limits\n\n${table(['name', 'default', 'unit', 'section', 'meaning'], rows)}\n## Fixed\n\n${table(['name', 'value'], fixed)}`;
}
