import { loadLibrary } from '../library.mjs';
import { compare, microsecondsPerCall } from '../measure.mjs';

const login = 'shop';
const secretKey = '024h1IlD';
const DATE = '2026-11-22T05:15:30-05:00';
/** The library's default cap; `check` sees to it that one byte more is refused unread. */
const CAP_BYTES = 256 * 1024;

/**
 * What a stranger can make us do: a forged notification just under the cap, made of as many members as fit. Against the
 * `JSON.parse` that any handler of JSON does.
 */
export async function forgedNotification({ rounds }) {
  const { placetopayNotificationMerchant, verifyPlacetopayNotification } = loadLibrary();
  const merchants = [placetopayNotificationMerchant({ login, secretKey })];
  const rawBody = forgedBody();
  const verdict = (body) => {
    const request = { method: 'POST', target: '/webhooks', headers: {}, rawBody: body };
    try {
      verifyPlacetopayNotification('checkout', request, merchants, Date.parse(DATE));
      return 'accepted';
    } catch (error) {
      return error.reason;
    }
  };
  check(verdict(rawBody), 'mismatch');
  check(verdict(Buffer.alloc(CAP_BYTES + 1, ' ')), 'body-too-large');
  const measured = await compare({
    ours: microsecondsPerCall((repetitions) => repeat(repetitions, () => verdict(rawBody).length), 1),
    reference: microsecondsPerCall((repetitions) => repeat(repetitions, () => count(rawBody)), 1),
    rounds,
    warmUps: 3,
  });
  return [
    {
      name: 'forged-notification',
      label: `forged notification of ${rawBody.length} bytes`,
      against: 'JSON.parse of it',
      unit: 'us',
      ...measured,
      judged: 'value',
      target: '<= 40000',
    },
  ];
}

function forgedBody() {
  const status = { status: 'APPROVED', date: DATE };
  const rest = JSON.stringify({ requestId: 1234, status, signature: `sha256:${'ab'.repeat(32)}` }).slice(1);
  let members = '{';
  for (let index = 0; ; index += 1) {
    const member = `"${index.toString(36)}":0,`;
    if (members.length + member.length + rest.length > CAP_BYTES) return Buffer.from(members + rest);
    members += member;
  }
}

function repeat(repetitions, run) {
  let sum = 0;
  for (let index = 0; index < repetitions; index += 1) sum += run();
  return sum;
}

const count = (rawBody) => Object.keys(JSON.parse(rawBody.toString())).length;

function check(verdict, expected) {
  if (verdict !== expected) throw new Error(`The forged notification is ${verdict}, not ${expected}.`);
}
