import { Readable } from 'node:stream';

const BODY = Buffer.from('{}');

type Parser = (request: unknown, response: unknown, next: () => void) => void;
type BufferParser = (request: object, body: Buffer, done: () => void) => void;

/**
 * Whether the application's JSON parser keeps the raw bytes, found out by giving it a body: neither Express nor Fastify
 * tells how a parser was configured. `undefined` where the parser is nobody's we know; then the first request tells.
 */
export async function keepsRawBody(platform: unknown): Promise<boolean | undefined> {
  const fastify = fastifyJsonParser(platform);
  if (fastify !== undefined) return await probeFastify(fastify);
  const express = expressJsonParser(platform);
  return express && (await probeExpress(express));
}

async function probeExpress(parse: Parser): Promise<boolean> {
  const headers = { 'content-type': 'application/json', 'content-length': String(BODY.length) };
  const request = Object.assign(Readable.from([BODY]), { method: 'POST', url: '/', headers, rawBody: undefined });
  await new Promise<void>((resolve) => parse(request, {}, resolve));
  return Buffer.isBuffer(request.rawBody);
}

async function probeFastify(parse: BufferParser): Promise<boolean> {
  const request = { rawBody: undefined };
  await new Promise<void>((resolve) => parse(request, BODY, resolve));
  return Buffer.isBuffer(request.rawBody);
}

function expressJsonParser(platform: unknown): Parser | undefined {
  // `_router` is Express 4's; there `router` throws.
  const router = member(platform, '_router') ?? member(platform, 'router');
  const stack = member(router, 'stack');
  if (!Array.isArray(stack)) return undefined;
  const handles = stack.map((layer: unknown) => member(layer, 'handle'));
  return handles.find((handle): handle is Parser => typeof handle === 'function' && handle.name === 'jsonParser');
}

function fastifyJsonParser(platform: unknown): BufferParser | undefined {
  const parsers = symbolMember(platform, 'fastify.contentTypeParser');
  const custom = member(parsers, 'customParsers');
  const parser = custom instanceof Map ? (custom.get('application/json') as unknown) : undefined;
  const parse = member(parser, 'fn');
  return typeof parse === 'function' ? (parse as BufferParser) : undefined;
}

function member(owner: unknown, name: string): unknown {
  const isOwner = (typeof owner === 'object' && owner !== null) || typeof owner === 'function';
  return isOwner ? (owner as Record<string, unknown>)[name] : undefined;
}

/** Fastify keeps its parsers under a symbol that it does not export. An encapsulated instance inherits it. */
function symbolMember(owner: unknown, description: string): unknown {
  for (let place = owner; typeof place === 'object' && place !== null; place = Object.getPrototypeOf(place)) {
    const symbol = Object.getOwnPropertySymbols(place).find((candidate) => candidate.description === description);
    if (symbol !== undefined) return (place as Record<symbol, unknown>)[symbol];
  }
  return undefined;
}
