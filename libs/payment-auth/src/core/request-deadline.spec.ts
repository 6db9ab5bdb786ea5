import { AxiosHeaders, CancelToken, type InternalAxiosRequestConfig } from 'axios';
import { RequestDeadline } from './request-deadline';

const configOf = (config: Partial<InternalAxiosRequestConfig>): InternalAxiosRequestConfig => ({
  headers: new AxiosHeaders(),
  ...config,
});

describe('RequestDeadline', () => {
  let now: number;
  const clock = { monotonic: () => now };

  beforeEach(() => {
    now = 1_000;
    jest.useFakeTimers();
  });

  afterEach(() => jest.useRealTimers());

  it.each([undefined, 0, -1, Number.NaN])('is none with a timeout of %p', (timeout) => {
    const deadline = new RequestDeadline(configOf({ ...(timeout !== undefined && { timeout }) }), clock);
    now += 1e9;
    expect(deadline.remainingMs()).toBeUndefined();
  });

  it('leaves nothing behind when the wait is over: no timer, no listener', async () => {
    const { token } = CancelToken.source();
    const unsubscribe = jest.spyOn(token, 'unsubscribe');
    const subscribe = jest.spyOn(token, 'subscribe');
    const deadline = new RequestDeadline(configOf({ timeout: 500, cancelToken: token }), clock);
    await deadline.wait(() => Promise.resolve());
    expect(jest.getTimerCount()).toBe(0);
    expect(unsubscribe.mock.calls).toEqual(subscribe.mock.calls);
  });

  it('waits for what is left, and not for the whole again', async () => {
    const deadline = new RequestDeadline(configOf({ timeout: 500 }), clock);
    now += 300;
    const aborted = jest.fn();
    const over = deadline.wait(
      (signal) =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted();
            reject(signal.reason as Error);
          });
        }),
    );
    const failure = over.catch((error: unknown) => error);
    jest.advanceTimersByTime(199);
    expect(aborted).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(await failure).toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 500ms exceeded' });
  });

  it('is over at its last millisecond, and not at its last but one', () => {
    const deadline = new RequestDeadline(configOf({ timeout: 500 }), clock);
    now += 499.1;
    expect(deadline.remainingMs()).toBe(1);
    now = 1_500;
    expect(() => deadline.remainingMs()).toThrow('timeout of 500ms exceeded');
  });
});
