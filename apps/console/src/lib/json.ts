const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

export function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/**
 * JSON with line breaks and an indent of two. Works on the text, not on its value: escapes, number forms and repeated members
 * stay as they were sent, for they are often the mistake.
 */
export function prettyJson(text: string): string {
  if (!isJson(text)) return text;
  const tokens = text.match(TOKENS) ?? [];
  let depth = 0;
  let pretty = '';
  const line = () => `\n${'  '.repeat(depth)}`;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token === '{' || token === '[') {
      pretty += token;
      if (next === '}' || next === ']') continue;
      depth += 1;
      pretty += line();
    } else if (token === '}' || token === ']') {
      const before = tokens[index - 1];
      if (before !== '{' && before !== '[') {
        depth -= 1;
        pretty += line();
      }
      pretty += token;
    } else if (token === ',') pretty += `,${line()}`;
    else pretty += token === ':' ? ': ' : token;
  }
  return pretty;
}
