import { type ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { useMessages } from '../i18n/messages';

interface FieldProps {
  /** Also in its `data-testid`. */
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly kind?: 'text' | 'number' | 'date' | 'password' | 'choice' | 'multiline' | 'json';
  readonly choices?: readonly (string | readonly [value: string, label: string])[];
  readonly required?: boolean;
  readonly hint?: string;
  readonly example?: string;
  readonly isCode?: boolean;
  readonly rows?: number;
  /** Takes a whole line. */
  readonly isBroad?: boolean;
}

/** A labelled input of whatever kind. */
export function Field({
  name,
  label,
  value,
  onChange,
  kind = 'text',
  choices = [],
  required,
  hint,
  isBroad,
  ...more
}: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const common = {
    id,
    name,
    value,
    'data-testid': `field-${name}`,
    ...(required === true && { required: true }),
    ...(hint !== undefined && { 'aria-describedby': hintId }),
  };
  return (
    <div class={isBroad === true || kind === 'multiline' || kind === 'json' ? 'field wide' : 'field'}>
      <label for={id}>
        {label}
        {required === false && <Optional />}
      </label>
      <Control {...{ common, kind, choices, onChange, ...more }} />
      {hint !== undefined && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}

function Optional() {
  return <span class="optional"> ({useMessages().optional})</span>;
}

type ControlProps = Pick<FieldProps, 'kind' | 'onChange' | 'example' | 'isCode' | 'rows'> & {
  readonly common: { readonly id: string; readonly value: string };
  readonly choices: NonNullable<FieldProps['choices']>;
};

function Control({ common, kind, choices, onChange, example, isCode, rows = 4 }: ControlProps) {
  const code = isCode === true ? 'code' : '';
  if (kind === 'choice') {
    return (
      <select {...common} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {choices.map((choice) => {
          const [value, label] = typeof choice === 'string' ? [choice, choice] : choice;
          return (
            <option key={value} value={value}>
              {label}
            </option>
          );
        })}
      </select>
    );
  }
  if (kind === 'multiline' || kind === 'json') {
    return (
      <textarea
        {...common}
        class="code"
        rows={rows}
        spellcheck={false}
        placeholder={example}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  }
  const props = {
    ...common,
    class: code,
    autocomplete: 'off',
    autocapitalize: 'none' as const,
    spellcheck: false,
    placeholder: example,
    onInput: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => onChange(currentTarget.value),
  };
  if (kind === 'password') return <input type="password" {...props} />;
  return <input type="text" {...props} {...(kind === 'number' && { inputMode: 'decimal' as const })} />;
}

export function CheckBox({ name, checked, onChange, children }: CheckBoxProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        name={name}
        data-testid={`field-${name}`}
        checked={checked}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span>{children}</span>
    </label>
  );
}

interface CheckBoxProps {
  readonly name: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ComponentChildren;
}

/** A few choices side by side, one of them pressed. */
export function Segments<T extends string>({ label, value, choices, onChange, ...rest }: SegmentsProps<T>) {
  return (
    <div class="segments" role="group" aria-label={label} {...rest}>
      {choices.map(([choice, text]) => (
        <button
          key={choice}
          type="button"
          aria-pressed={choice === value}
          data-value={choice}
          onClick={() => onChange(choice)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [value: T, label: string])[];
  readonly onChange: (value: T) => void;
  readonly 'data-testid'?: string;
}

/** Submits by the button or by Enter. */
export function Form({ onSubmit, children, label }: FormProps) {
  return (
    <form
      {...(label !== undefined && { 'aria-label': label })}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}

interface FormProps {
  readonly onSubmit: () => void;
  readonly children: ComponentChildren;
  readonly label?: string;
}
