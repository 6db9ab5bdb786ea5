import { ValidationPipe } from '@nestjs/common';
import { type ValidationError } from 'class-validator';
import { VALIDATION_OPTIONS } from '../../validation-options';
import { ConsoleRefusal, invalid } from '../access/console-problem';
import { type CallField, type CallInput } from '../contract';
import { type Call, CALLS } from './call-definitions';

/** As strict as the demo's own routes are. */
const PIPE = new ValidationPipe({
  ...VALIDATION_OPTIONS,
  exceptionFactory: ([problem]) => refusalOf(problem),
});

/** @throws {ConsoleRefusal} 404 when there is no such call */
export function findCall(id: string): Call {
  const call = CALLS.find(({ definition }) => definition.id === id);
  if (call !== undefined) return call;
  const known = CALLS.map(({ definition }) => definition.id).join(', ');
  throw new ConsoleRefusal(404, 'unknown-call', `There is no call of that name; there are ${known}.`, 'id');
}

/** What a form had in it, empty fields left out. @throws {ConsoleRefusal} 400 for anything but texts */
export function readInput(value: unknown): CallInput {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('input', 'must be an object of texts, {} for none');
  }
  const fields = Object.entries(value as Record<string, unknown>).map(([name, text]) => {
    if (typeof text !== 'string') throw invalid(name, 'must be a text, numbers too');
    return [name, text] as const;
  });
  return Object.fromEntries(fields.filter(([, text]) => text !== ''));
}

/** The input as the route takes it. @throws {ConsoleRefusal} 400 naming the field and the cure */
export async function checkInput({ definition, dto }: Call, input: CallInput): Promise<object> {
  const kinds = new Map(definition.fields.map((field) => [field.name, field.kind]));
  const values = Object.entries(input).map(([name, text]) => [name, valueOf(text, kinds.get(name))] as const);
  return (await PIPE.transform(Object.fromEntries(values), { type: 'body', metatype: dto })) as object;
}

/** What is no number stays what it is, and is told so by the route's own rules. */
function valueOf(text: string, kind: CallField['kind'] | undefined): unknown {
  return kind === 'number' && text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
}

function refusalOf(problem: ValidationError | undefined): ConsoleRefusal {
  const [message = 'is not right'] = Object.values(problem?.constraints ?? {});
  return new ConsoleRefusal(400, 'invalid-input', `${message}.`, problem?.property);
}
