/** Renders the JSON Schema of the lines between the certifier and a driver: requests, and the answers to each operation. */
import type { DriverField, DriverOperation, Specification } from './specification.ts';

type Schema = Record<string, unknown>;

export function driverLineSchema({ driver, error_classes }: Specification): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'driver-line.schema.json',
    title: 'A line between the certifier and a driver',
    description: 'Generated from spec/protocol/driver.yaml by `npm run generate`. Do not edit.',
    anyOf: [{ $ref: '#/$defs/request' }, { $ref: '#/$defs/answer' }],
    $defs: {
      request: { oneOf: driver.operations.map(requestOf) },
      answer: {
        description: 'To any operation; `#/$defs/answers` has those to each.',
        type: 'object',
        required: ['id'],
        oneOf: [{ required: ['ok'] }, { required: ['error'] }],
        properties: { id: { $ref: '#/$defs/id' }, ok: { type: 'object' }, error: { $ref: '#/$defs/error' } },
      },
      answers: Object.fromEntries(driver.operations.map((operation) => [operation.name, answerOf(operation)])),
      id: { type: 'integer', minimum: 0 },
      error: { enum: [...error_classes, ...driver.errors].map(({ name }) => name) },
      hex: { type: 'string', pattern: '^([0-9a-fA-F]{2})*$' },
      text: { type: 'string' },
      u64: { type: 'string', pattern: '^(0|[1-9][0-9]{0,19})$' },
      int: { type: 'integer', minimum: 0, maximum: 2 ** 53 - 1 },
      bool: { type: 'boolean' },
      message: { type: 'object', required: ['type'], properties: { type: { type: 'string' } } },
      envelope: { type: 'object', required: ['version'], properties: { version: { enum: [1, 2] } } },
      invite: { type: 'object', required: ['version'], properties: { version: { enum: [2, 3, 4] } } },
      ...Object.fromEntries(
        Object.entries(driver.objects).map(([name, { doc, fields }]) => [
          name,
          { description: doc, ...objectOf(fields, {}) },
        ]),
      ),
    },
  };
}

function requestOf({ name, doc, input = [] }: DriverOperation): Schema {
  const { required, properties } = objectOf(input, { id: { $ref: '#/$defs/id' }, op: { const: name } });
  return { description: doc, type: 'object', required, properties, additionalProperties: false };
}

/** Keys that are not named are ignored, so they may be there. */
function answerOf({ output = [] }: DriverOperation): Schema {
  return { allOf: [{ $ref: '#/$defs/answer' }, { properties: { ok: objectOf(output, {}) } }] };
}

function objectOf(
  fields: readonly DriverField[],
  more: Schema,
): { type: string; required: string[]; properties: Schema } {
  const properties = { ...more, ...Object.fromEntries(fields.map((field) => [field.name, schemaOf(field)])) };
  const optional = new Set(fields.filter((field) => field.optional).map((field) => field.name));
  return { type: 'object', required: Object.keys(properties).filter((name) => !optional.has(name)), properties };
}

function schemaOf({ type, list, nullable, values, doc }: DriverField): Schema {
  const one: Schema = values ? { enum: values } : { $ref: `#/$defs/${type}` };
  if (list) return { description: doc, type: 'array', items: one };
  return nullable ? { description: doc, anyOf: [one, { type: 'null' }] } : { description: doc, ...one };
}
