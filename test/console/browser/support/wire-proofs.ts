/** What stands before it proves who one is, in a header, a form or JSON; in requests and in answers. */
const PROOFS = [
  /^(?:authorization|proxy-authorization): *(?:basic|bearer) +(\S+)/gim,
  /^[\w-]*signature: *(\S+)/gim,
  /"(?:tranKey|access_?token|client_?secret|signature)" *: *"((?:[^"\\]|\\.)+)"/gi,
];

/** Tokens, digests and signatures of messages as they went over the wire. */
export function proofsIn(text: string): string[] {
  return PROOFS.flatMap((pattern) => [...text.matchAll(pattern)].map(([, proof = '']) => ownPart(proof)));
}

/** That a gateway handed out, of answers as they went over the wire; of each its signature. */
export function noncesIn(text: string): string[] {
  if (!text.startsWith('HTTP/')) return [];
  return [...text.matchAll(/"nonce" *: *"([^"]+)"/g)].map(([, nonce = '']) => ownPart(nonce));
}

/**
 * What is secret of it and its own: of a JWT the signature, of a signature with its time the signature. What stands before
 * that, other tokens and other texts have too.
 */
function ownPart(proof: string): string {
  return /^eyJ[\w-]+\.[\w-]+\.([\w-]+)$/.exec(proof)?.[1] ?? /,v1=([0-9a-f]+)$/.exec(proof)?.[1] ?? proof;
}
