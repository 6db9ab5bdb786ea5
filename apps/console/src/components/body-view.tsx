import { useState } from 'preact/hooks';
import { useMessages } from '../i18n/messages';
import { bytesOf, hexLines } from '../lib/bytes';
import { isJson, prettyJson } from '../lib/json';
import { CopyButton } from './basics';
import { Segments } from './fields';
import { MaskedText } from './masked-text';

interface BodyViewProps {
  readonly body: string;
  readonly encoding?: 'utf8' | 'hex';
  /** As it went over the wire, where that is known. */
  readonly byteCount?: number;
  readonly hasMasked?: boolean;
}

type Form = 'pretty' | 'raw' | 'hex';

/** The bytes of one message: formatted, raw or as hex. */
export function BodyView({ body, encoding = 'utf8', byteCount, hasMasked = false }: BodyViewProps) {
  const t = useMessages();
  const canFormat = encoding === 'utf8' && isJson(body);
  const [form, setForm] = useState<Form>();
  if (body === '') return <p class="hint">{t.calls.noBody}</p>;
  const shown = form ?? (encoding === 'hex' ? 'hex' : 'raw');
  const forms: readonly (readonly [Form, string])[] = [
    ...(canFormat ? [['pretty', t.calls.viewPretty] as const] : []),
    ...(encoding === 'utf8' ? [['raw', t.calls.viewRaw] as const] : []),
    ['hex', t.calls.viewHex],
  ];
  return (
    <div class="body-view">
      <div class="toolbar">
        <span class="hint">
          {t.calls.body}
          {byteCount !== undefined && ` · ${t.bytes(byteCount)}`}
        </span>
        <Segments label={t.calls.view} value={shown} choices={forms} onChange={setForm} />
        <CopyButton text={body} of={t.calls.body} />
      </div>
      {shown === 'hex' ? (
        <HexView bytes={bytesOf(body, encoding)} />
      ) : (
        <pre class="bytes">
          <MaskedText text={shown === 'pretty' ? prettyJson(body) : body} />
        </pre>
      )}
      {shown === 'hex' && hasMasked && <p class="hint">{t.calls.hexOfMasked}</p>}
    </div>
  );
}

function HexView({ bytes }: { readonly bytes: Uint8Array }) {
  const t = useMessages();
  return (
    <div class="hex" tabIndex={0} role="region" aria-label={t.calls.viewHex}>
      {hexLines(bytes).map(({ offset, hex, text }) => (
        <div key={offset} class="hex-line">
          <span class="hex-offset">{offset}</span>
          <span class="hex-bytes">{hex}</span>
          <span>{text}</span>
        </div>
      ))}
    </div>
  );
}
