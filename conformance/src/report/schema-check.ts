import { Ajv2020 } from 'ajv/dist/2020.js';

/** Compiles a JSON Schema. @returns what says the first thing that is wrong with a value, as `checks/3/verdict …`; undefined if nothing is */
export function schemaCheck(schema: object): (value: unknown) => string | undefined {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  return (value) => {
    if (validate(value)) return undefined;
    const { instancePath, message, params } = validate.errors![0]!;
    const place = instancePath === '' ? 'it' : instancePath.slice(1);
    const more = 'additionalProperty' in params ? ` (${params['additionalProperty']})` : '';
    return `${place} ${message}${more}`;
  };
}
