/** An answer with its whole body. */
interface Received {
  readonly ok: boolean;
  readonly status: number;
  readonly text: string;
}

/**
 * Asks and waits for the end of the answer; `undefined` when nobody answers, or the connection is lost in the body.
 * @throws what `fetch` throws once the request was called off by its signal
 */
export async function receive(url: string, request: RequestInit): Promise<Received | undefined> {
  try {
    const response = await fetch(url, request);
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch (error) {
    if (request.signal?.aborted === true) throw error;
    return undefined;
  }
}
