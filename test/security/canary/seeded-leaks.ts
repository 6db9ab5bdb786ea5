import { Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { logText } from '../../e2e/demo-app';
import { addContainer } from './drive-container';
import { type Haul } from './haul';
import { type CanaryRun } from './run';

/** Let out on purpose, to see that it is found. No canary: those are to be found nowhere. */
export const LEAK = '"/SeededLeak0f4b27d9c1\\+%é';

const deep = (depth: number): object => (depth === 0 ? { [LEAK]: 1 } : { inside: deep(depth - 1) });
const bytes = (): Buffer => Buffer.from(`${'x'.repeat(100)}${LEAK}`);
const fail = (error: Error) => (leaky: Haul) => leaky.addOutcome('it', Promise.reject(error));
const show = (value: unknown) => (leaky: Haul) => leaky.addValue('it', value);

type LetOut = (leaky: Haul, run: CanaryRun) => unknown;

/** One leak through each way out that the haul watches. */
export const SEEDED_LEAKS: readonly (readonly [wayOut: string, letOut: LetOut])[] = [
  ['a standard stream', letOutOfStream],
  ["a line of the demo's log", letOutOfDemo],
  ['a call of the logger', (leaky) => void leaky.logger.warn('told', deep(20))],
  ['the message of an error', fail(new Error(LEAK))],
  ['a property of an error, deep inside', fail(Object.assign(new Error('x'), deep(20)))],
  ['the cause of an error', fail(new Error('x', { cause: deep(20) }))],
  ['bytes in the cause of an error', fail(new Error('x', { cause: { rawPacket: bytes() } }))],
  ['a property that is not enumerable', show(Object.defineProperty({}, 'a', { value: LEAK }))],
  [
    'a getter',
    show({
      get a() {
        return LEAK;
      },
    }),
  ],
  ['toJSON', show({ toJSON: () => LEAK })],
  ['bytes', show({ data: bytes() })],
  ['a value that Nest provides', letOutOfContainer],
  ['the body of an answer', (leaky) => letOutOfServer(leaky, {}, LEAK)],
  ['a header of an answer', (leaky) => letOutOfServer(leaky, { 'X-Leak': encodeURIComponent(LEAK) }, '')],
];

function letOutOfStream(leaky: Haul): void {
  const stream = new PassThrough();
  leaky.watch('a stream', stream);
  stream.write(LEAK);
}

async function letOutOfDemo(leaky: Haul, run: CanaryRun): Promise<void> {
  await run.startDemo();
  new Logger('canary').warn(deep(4), 'told');
  leaky.add('the log', logText());
}

async function letOutOfContainer(leaky: Haul): Promise<void> {
  const module = await Test.createTestingModule({ providers: [{ provide: 'it', useValue: deep(20) }] }).compile();
  addContainer(leaky, { ModuleRef: module.get(ModuleRef) });
}

async function letOutOfServer(leaky: Haul, headers: Record<string, string>, body: string): Promise<void> {
  const server = createServer((_request, response) => response.writeHead(200, headers).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await leaky.ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'GET', '/');
  await new Promise((resolve) => server.close(resolve));
}
