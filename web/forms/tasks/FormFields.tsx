import { Checkbox, NativeSelect, NumberInput, Radio, Stack, Textarea, TextInput } from "@mantine/core";
import type { Form, FormField } from "../../../modules/tasks/forms-contract.ts";

/** What is filled in so far, by the fields' names. */
export type Filled = Record<string, unknown>;

const RADIOS_MAX = 6;

type Props = { form: Form; filled: Filled; errors: Record<string, string>; onChange: (filled: Filled) => void };

/** The fields of a form that a task asks people to fill in. */
export function FormFields({ form, filled, errors, onChange }: Props) {
  return (
    <Stack gap="md" maw={640}>
      {form.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={filled[field.name]}
          error={errors[field.name]}
          onChange={(value) => onChange({ ...filled, [field.name]: value })}
        />
      ))}
    </Stack>
  );
}

/** What stands in a form before anybody fills it in. */
export function initialOf(form: Form): Filled {
  return Object.fromEntries(
    form.flatMap((field) => ("initial" in field && field.initial ? [[field.name, field.initial]] : [])),
  );
}

/** What was filled in, as it is sent: what was left empty is left out. */
export function givenOf(form: Form, filled: Filled): Filled {
  const entries = form.map(({ name, type }) => [name, type === "boolean" ? Boolean(filled[name]) : filled[name]]);
  return Object.fromEntries(entries.filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === "" || value === null || (Array.isArray(value) && value.length === 0);
}

type FieldProps = { field: FormField; value: unknown; error: string | undefined; onChange: (value: unknown) => void };

function Field({ field, value, error, onChange }: FieldProps) {
  const common = {
    label: field.title,
    description: field.hint,
    withAsterisk: field.required,
    error,
    dir: "auto",
  } as const;
  switch (field.type) {
    case "text": {
      const text = { ...common, value: String(value ?? ""), maxLength: field.max };
      return field.long ? (
        <Textarea
          {...text}
          autosize
          minRows={3}
          maxRows={12}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <TextInput {...text} onChange={(event) => onChange(event.currentTarget.value)} />
      );
    }
    case "number":
      return (
        <NumberInput
          {...common}
          value={(value as number | undefined) ?? ""}
          allowDecimal={!field.whole}
          onChange={onChange}
          maw={240}
        />
      );
    case "choice":
      return <Choice {...common} options={field.options} value={String(value ?? "")} onChange={onChange} />;
    case "choices":
      return (
        <Checkbox.Group {...common} value={(value as string[] | undefined) ?? []} onChange={onChange}>
          <Stack gap="xs" mt={6}>
            {field.options.map((option) => (
              <Checkbox key={option} value={option} label={option} />
            ))}
          </Stack>
        </Checkbox.Group>
      );
    case "boolean":
      return (
        <Checkbox
          label={field.title}
          description={field.hint}
          error={error}
          checked={Boolean(value)}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "date":
      return (
        <TextInput
          {...common}
          type="date"
          min={field.min}
          max={field.max}
          maw={240}
          value={String(value ?? "")}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

type ChoiceProps = {
  label: string;
  description: string | undefined;
  withAsterisk: boolean;
  error: string | undefined;
  options: readonly string[];
  value: string;
  onChange: (value: string) => void;
};

/** One of few options is seen at once; one of many is chosen from a list. */
function Choice({ options, value, onChange, ...common }: ChoiceProps) {
  if (options.length > RADIOS_MAX)
    return (
      <NativeSelect
        {...common}
        maw={360}
        data={["", ...options]}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <Radio.Group {...common} value={value} onChange={onChange}>
      <Stack gap="xs" mt={6}>
        {options.map((option) => (
          <Radio key={option} value={option} label={option} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
