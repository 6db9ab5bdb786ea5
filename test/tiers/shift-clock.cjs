'use strict';
const { ServerResponse } = require('node:http');

/**
 * Sets the clock of whatever loads it 400 days ahead. Jest runs each test file in a context with a `Date` of its own, which a
 * setup file reaches; what Node's own modules share is reached by `node -r`. `node:http` keeps the `Date` it started with, so
 * that the header is written here.
 */
const SHIFT_MS = 400 * 24 * 60 * 60_000;
const SHIFTED = Symbol.for('payment-auth:shifted-clock');

if (!(SHIFTED in globalThis.Date)) {
  const now = () => RealDate.now() + SHIFT_MS;
  const RealDate = globalThis.Date;
  const ShiftedDate = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new ShiftedDate().toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
  Object.defineProperty(RealDate, SHIFTED, { value: true });
  RealDate.prototype.constructor = ShiftedDate;
  globalThis.Date = ShiftedDate;
}

if (!(SHIFTED in ServerResponse)) {
  const { writeHead } = ServerResponse.prototype;
  ServerResponse.prototype.writeHead = function (...args) {
    if (this.sendDate && !this.hasHeader('date')) this.setHeader('Date', new Date().toUTCString());
    return writeHead.apply(this, args);
  };
  Object.defineProperty(ServerResponse, SHIFTED, { value: true });
}
