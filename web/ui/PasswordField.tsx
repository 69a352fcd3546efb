import { PasswordInput, type PasswordInputProps } from "@mantine/core";

/** Where a password is typed. Says also to a screen reader, on the input itself, when it is not right. */
export function PasswordField({ error, ...props }: PasswordInputProps) {
  return <PasswordInput label="Password" name="password" error={error} aria-invalid={Boolean(error)} {...props} />;
}
