/** Reads and validates the YAML files; every problem is one line that names the file and the place. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import type { DriverField, Requirement, Specification } from './specification.ts';

export function loadSpecification(folder: string): Specification {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, discriminator: true });
  const problems: string[] = [];

  const load = <T>(file: string, schemaName: string): T => {
    const value = parse(readFileSync(join(folder, file), 'utf8')) as T;
    const schema = JSON.parse(readFileSync(join(folder, 'schemas', `${schemaName}.schema.json`), 'utf8'));
    const validate = ajv.getSchema(schema.$id) ?? ajv.compile(schema);
    if (!validate(value)) {
      for (const error of validate.errors ?? []) problems.push(`${file}${error.instancePath}: ${error.message}`);
    }
    return value;
  };

  const parts = [
    'identifiers',
    'types',
    'encodings',
    'messages',
    'errors',
    'limits',
    'session',
    'handshake',
    'metrics',
    'configuration',
    'seal',
    'pairing',
    'client',
    'driver',
  ].map((name) => load<Record<string, unknown>>(`protocol/${name}.yaml`, name));
  const areas = readdirSync(join(folder, 'requirements'))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) =>
      load<{ area: string; title: string; section: string; requirements: Requirement[] }>(
        `requirements/${name}`,
        'requirements',
      ),
    );
  const decisions = existsSync(join(folder, 'decisions.yaml'))
    ? load<{ decisions: Specification['decisions'] }>('decisions.yaml', 'decisions').decisions
    : [];

  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const specification = {
    protocol: 1,
    version,
    ...Object.assign({}, ...parts),
    areas: areas.map(({ area, title, section }) => ({ area, title, section })),
    requirements: areas.flatMap((area) =>
      area.requirements.map((requirement) => ({ ...requirement, area: area.area })),
    ),
    decisions,
  } as Specification;

  if (problems.length === 0) problems.push(...inconsistencies(specification));
  if (problems.length > 0) throw new Error(`${basename(folder)}: ${problems.length} problems\n${problems.join('\n')}`);
  return specification;
}

/** What a JSON Schema cannot say: references that lead nowhere, names and numbers given twice. */
function inconsistencies(specification: Specification): string[] {
  const problems: string[] = [];
  const unique = (what: string, values: (string | number)[]) => {
    const seen = new Set<string | number>();
    for (const value of values) {
      if (seen.has(value)) problems.push(`${what} ${value} is given twice`);
      seen.add(value);
    }
  };
  const { messages, types, errors, limits, metrics, configuration, envelopes, invites, driver, requirements } =
    specification;
  const { decisions } = specification;
  unique(
    'message',
    messages.map((message) => message.name),
  );
  unique(
    'message code',
    messages.map((message) => message.code),
  );
  unique(
    'error code',
    errors.map((error) => error.code),
  );
  unique(
    'error name',
    errors.map((error) => error.name),
  );
  unique(
    'limit',
    limits.map((limit) => limit.name),
  );
  unique(
    'metric',
    metrics.map((metric) => metric.name),
  );
  unique(
    'key',
    [...limits, ...configuration].map((key) => `${key.section}.${key.name}`),
  );
  unique(
    'requirement',
    requirements.map((requirement) => requirement.id),
  );
  unique(
    'decision',
    decisions.map((decision) => decision.id),
  );

  const typeExists = (where: string, type: string) => {
    if (!(type in types)) problems.push(`${where}: no type named ${type}`);
  };
  for (const [name, type] of Object.entries(types)) {
    if (type.kind === 'list' || type.kind === 'map') typeExists(`types.${name}`, type.of);
    if (type.kind === 'tuple') {
      for (const field of type.fields) typeExists(`types.${name}.${field.name}`, field.type);
      for (const entry of type.ext ?? []) typeExists(`types.${name}.ext.${entry.key}`, entry.type);
    }
  }
  for (const message of messages) {
    for (const field of message.fields) typeExists(`${message.name}.${field.name}`, field.type);
    for (const entry of message.ext ?? []) typeExists(`${message.name}.ext.${entry.key}`, entry.type);
    unique(
      `${message.name} field`,
      message.fields.map((field) => field.name),
    );
    for (const answer of message.answers ?? []) {
      if (!messages.some((other) => other.name === answer))
        problems.push(`${message.name}: no message named ${answer}`);
    }
  }

  for (const { version, fields } of envelopes) {
    for (const field of fields) typeExists(`envelope ${version}.${field.name}`, field.type);
  }

  for (const { key, type } of invites.map.keys) typeExists(`invite ${key}`, type);
  unique(
    'key of an invite',
    invites.map.keys.map(({ key }) => key),
  );
  problems.push(...driverInconsistencies(specification));
  unique(
    'operation',
    driver.operations.map((operation) => operation.name),
  );

  const ids = new Set(requirements.map((requirement) => requirement.id));
  const count = new Map<string, number>();
  for (const requirement of requirements) {
    const number = (count.get(requirement.area) ?? 0) + 1;
    count.set(requirement.area, number);
    const expected = `${requirement.area}-${String(number).padStart(2, '0')}`;
    if (requirement.id !== expected) problems.push(`requirement ${requirement.id} stands where ${expected} belongs`);
  }
  for (const decision of decisions) {
    for (const id of decision.requirements) {
      if (!ids.has(id)) problems.push(`decision ${decision.id} names ${id}, which does not exist`);
    }
  }
  return problems;
}

function driverInconsistencies({ driver, error_classes }: Specification): string[] {
  const problems: string[] = [];
  const classes = new Set(error_classes.map(({ name }) => name));
  const check = (where: string, fields: readonly DriverField[] = []) => {
    for (const { name, type } of fields) {
      if (!(type in driver.values) && !(type in driver.objects))
        problems.push(`${where}.${name}: no value named ${type}`);
    }
  };
  for (const [name, { fields }] of Object.entries(driver.objects)) check(`driver.objects.${name}`, fields);
  for (const { name, input, output, errors = [], step_errors = [] } of driver.operations) {
    check(`operation ${name}`, input);
    check(`operation ${name}`, output);
    for (const error of [...errors, ...step_errors]) {
      if (!classes.has(error)) problems.push(`operation ${name}: no error class named ${error}`);
    }
  }
  for (const { name } of driver.errors) if (classes.has(name)) problems.push(`error class ${name} is given twice`);
  return problems;
}
