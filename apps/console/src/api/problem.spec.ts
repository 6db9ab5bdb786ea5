import { ApiProblem, NOBODY, problemOf, shownProblem } from './problem';

describe('problemOf', () => {
  it.each([
    [{ message: 'No answer. Check the base URL.', hint: 'Check the base URL.' }, 'No answer. Check the base URL.'],
    [{ message: 'No answer.', hint: 'Check the base URL.' }, 'No answer. Check the base URL.'],
    [{ message: ['one', 'two'] }, 'one two'],
    [{ error: { field: 'advanceMs', message: 'advanceMs must be finite' } }, 'advanceMs must be finite'],
    [{ error: { field: 'times', message: 'must be whole' } }, 'times must be whole'],
    [{ error: { message: 'is no JSON' } }, 'is no JSON'],
    [undefined, 'HTTP 502'],
  ])('reads %j', (answer, message) => {
    expect(problemOf(502, answer).message).toBe(message);
  });
});

describe('shownProblem', () => {
  it.each([
    [
      'what the backend says, in English',
      new ApiProblem(400, 'now must be a time'),
      { text: 'now must be a time', lang: 'en' },
    ],
    ['what the page says when nobody answers', new ApiProblem(NOBODY, 'No responde'), { text: 'No responde' }],
    ['what else the page says', new Error('No es JSON'), { text: 'No es JSON' }],
    ['nothing of what was called off', new DOMException('aborted', 'AbortError'), undefined],
  ])('tells %s', (_, error, shown) => {
    expect(shownProblem(error)).toEqual(shown);
  });
});
