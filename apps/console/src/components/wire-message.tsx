import { type ComponentChildren } from 'preact';
import { type WireMessage } from '../api/contract';
import { useMessages } from '../i18n/messages';
import { BodyView } from './body-view';
import { MaskedText } from './masked-text';

interface MessageViewProps {
  readonly title: string;
  readonly startLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly masked?: readonly string[];
  readonly children: ComponentChildren;
  readonly 'data-testid'?: string;
}

/** One message as it goes over the wire: start line, headers, and the body as children. */
export function MessageView({ title, startLine, headers, masked = [], children, ...rest }: MessageViewProps) {
  const t = useMessages();
  return (
    <div class="message" role="group" aria-label={title} {...rest}>
      <p class="message-title">{title}</p>
      <pre class="bytes">
        <strong>
          <MaskedText text={startLine} />
        </strong>
        {headers.map(([name, value], index) => (
          <span key={index}>
            {'\n'}
            <span class="header-name">{name}</span>: <MaskedText text={value} />
          </span>
        ))}
      </pre>
      {masked.length > 0 && <p class="hint">{t.calls.maskedParts(masked.join(', '))}</p>}
      {children}
    </div>
  );
}

export function WireMessageView({ title, message, children, ...rest }: WireMessageViewProps) {
  const { startLine, headers, masked, body, bodyEncoding, bodyBytes } = message;
  return (
    <MessageView {...{ title, startLine, headers, masked, ...rest }}>
      <BodyView body={body} encoding={bodyEncoding} byteCount={bodyBytes} hasMasked={masked.length > 0} />
      {children}
    </MessageView>
  );
}

interface WireMessageViewProps {
  readonly title: string;
  readonly message: WireMessage;
  readonly children?: ComponentChildren;
  readonly 'data-testid'?: string;
}
